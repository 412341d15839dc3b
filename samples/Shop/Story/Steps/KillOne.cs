using Shop.Story.Measuring;

namespace Shop.Story.Steps;

/// <summary>An instance crashes. Consul goes on listing it, so the mesh must find out by itself.</summary>
internal sealed class KillOne(string name) : IStep
{
    public string Title => $"{name} is killed with -9, and started again later";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene)
    {
        TimeSpan killed = scene.Clock.Now;
        scene.Shop[name].Kill();
        await scene.HoldAsync();
        TimeSpan launched = scene.Clock.Now;
        await scene.Shop.StartAgainAsync(name);
        bool back = await scene.UntilAsync(() => scene.Calls.Since(launched).First(name) is not null);
        TimeSpan took = scene.Clock.Now - launched;
        CallWindow calls = scene.Calls.Since(killed);
        return
        [
            new Claim(
                $"{name} was killed and came back, and no page failed",
                back && calls.Failed == 0,
                $"{calls.Failed} of {calls.Count} failed, the slowest took {calls.Slowest.TotalMilliseconds:0} ms; calls again {took.TotalSeconds:0.0} s after its start"),
        ];
    }
}
