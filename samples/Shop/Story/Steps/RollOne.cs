using Shop.Story.Measuring;

namespace Shop.Story.Steps;

/// <summary>A rolling restart of one instance, as a deployment does it.</summary>
internal sealed class RollOne(string name) : IStep
{
    public string Title => $"{name} is stopped by SIGTERM and started again";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene)
    {
        TimeSpan told = scene.Clock.Now;
        int exitCode = await scene.Shop[name].TerminateAsync(scene.Stopping);
        TimeSpan ended = scene.Clock.Now;
        TimeSpan? last = scene.Calls.Since(told).Last(name);
        await scene.Shop.StartAgainAsync(name);
        bool back = await scene.UntilAsync(() => scene.Calls.Since(ended).First(name) > last);
        TimeSpan took = scene.Clock.Now - ended;
        CallWindow calls = scene.Calls.Since(told);
        return
        [
            new Claim(
                $"{name} left in order and came back, and no page failed",
                exitCode == 0 && back && calls.Failed == 0,
                $"last call {((last ?? told) - told).TotalSeconds:0.00} s after SIGTERM, gone after {(ended - told).TotalSeconds:0.0} s with exit code {exitCode}, calls again {took.TotalSeconds:0.0} s later; {calls.Failed} of {calls.Count} failed"),
        ];
    }
}
