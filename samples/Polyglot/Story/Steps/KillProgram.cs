using Polyglot.Story.Measuring;
using Shop.Story.Steps;

namespace Polyglot.Story.Steps;

/// <summary>A program crashes and comes back. Its agent lives, sends no call to where nobody is, and takes the instance out of the registry meanwhile.</summary>
internal sealed class KillProgram(string name) : IStep
{
    public string Title => $"{name} is killed with -9; its agent lives, and takes it out of Consul";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene, Browser web)
    {
        string service = name.Split('-')[0];
        TimeSpan killed = scene.Clock.Now;
        scene.Fleet[name].KillProgram();
        bool isOut = await scene.UntilListedAsync(service, 1);
        TimeSpan took = scene.Clock.Now - killed;
        await scene.HoldAsync();

        scene.Say($"{name} is started again");
        TimeSpan started = scene.Clock.Now;
        await scene.Fleet[name].StartProgramAgainAsync();
        bool isBack = await scene.UntilAsync(() => scene.Calls.Since(started).Includes(name));
        CallWindow calls = scene.Calls.Since(killed);
        return
        [
            new Claim(
                $"{name} was killed, its agent saw to it, and no page failed",
                isOut && isBack && calls is { Failed: 0, Count: > 0 },
                $"{calls.Failed} of {calls.Count} failed, the slowest took {calls.Slowest.TotalMilliseconds:0} ms; out of Consul after {took.TotalSeconds:0.0} s, calls again {(scene.Clock.Now - started).TotalSeconds:0.0} s after its start"),
        ];
    }
}
