using Shop.Story.Measuring;

namespace Shop.Story.Steps;

/// <summary>The registry dies, and then an instance that it still lists.</summary>
internal sealed class LoseRegistry : IStep
{
    private const string Victim = "inventory-3";

    public string Title => $"Consul is killed with -9, and then {Victim} too";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene)
    {
        TimeSpan killed = scene.Clock.Now;
        scene.Consul.Kill();
        await scene.HoldAsync();
        scene.Shop[Victim].Kill();
        await scene.HoldAsync();
        CallWindow calls = scene.Calls.Since(killed);
        return
        [
            new Claim(
                $"With Consul dead calls went on, also when {Victim} died",
                calls is { Failed: 0, Count: > 50 },
                $"{calls.Failed} of {calls.Count} failed in {(scene.Clock.Now - killed).TotalSeconds:0} s"),
        ];
    }
}
