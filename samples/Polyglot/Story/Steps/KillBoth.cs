using Polyglot.Story.Measuring;
using Shop.Story.Steps;

namespace Polyglot.Story.Steps;

/// <summary>A machine is gone, program and agent together. Consul goes on listing the instance, so the agents of its callers must find out by themselves.</summary>
internal sealed class KillBoth(string name) : IStep
{
    private const int Enough = 20;

    public string Title => $"{name} is killed with -9, and its agent too: Consul goes on listing it";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene, Browser web)
    {
        string other = $"{name.Split('-')[0]}-2";
        TimeSpan killed = scene.Clock.Now;
        scene.Fleet[name].KillAgent();
        scene.Fleet[name].KillProgram();
        await scene.HoldAsync();
        await scene.UntilAsync(() => scene.Calls.Since(killed).Pages.Count > Enough);
        CallWindow calls = scene.Calls.Since(killed);
        int byOther = calls.Pages.Count(c => c.Page!.IsFrom(other));
        return
        [
            new Claim(
                $"{name} and its agent were killed, {other} served on, and no page failed",
                calls is { Failed: 0, Count: > 0 } && byOther > 0,
                $"{calls.Failed} of {calls.Count} failed, {byOther} by {other}, the slowest took {calls.Slowest.TotalMilliseconds:0} ms"),
        ];
    }
}
