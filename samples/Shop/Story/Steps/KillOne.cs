using Shop.Story.Measuring;

namespace Shop.Story.Steps;

/// <summary>An instance crashes, and another is started in its place. Consul goes on listing the dead one, so the mesh must find out by itself.</summary>
internal sealed class KillOne(string name) : IStep
{
    public string Title => $"{name} is killed with -9, and another is started in its place";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene)
    {
        TimeSpan killed = scene.Clock.Now;
        scene.Shop[name].Kill();
        await scene.HoldAsync();
        TimeSpan started = scene.Clock.Now;
        string other = scene.Shop.StartOneMore("inventory");
        bool isUsed = await scene.UntilAsync(() => scene.Calls.Since(started).First(other) is not null);
        TimeSpan took = scene.Clock.Now - started;
        CallWindow calls = scene.Calls.Since(killed);
        return
        [
            new Claim(
                $"{name} was killed, {other} took its place, and no page failed",
                isUsed && calls.Failed == 0,
                $"{calls.Failed} of {calls.Count} failed, the slowest took {calls.Slowest.TotalMilliseconds:0} ms; {other} had calls {took.TotalSeconds:0.0} s after its start"),
        ];
    }
}
