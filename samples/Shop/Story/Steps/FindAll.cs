using Shop.Story.Measuring;

namespace Shop.Story.Steps;

/// <summary>Nothing happens yet: every instance gets calls.</summary>
internal sealed class FindAll : IStep
{
    public string Title => "customers come: http://web calls http://orders, which calls http://inventory";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene)
    {
        TimeSpan opened = scene.Clock.Now;
        bool all = await scene.UntilAsync(() => Used(scene, opened) == scene.Shop.Names.Count);
        TimeSpan took = scene.Clock.Now - opened;
        await scene.HoldAsync();
        return [new Claim("All eight instances were found and used", all, $"{Used(scene, opened)} of {scene.Shop.Names.Count}, {took.TotalSeconds:0.0} s after the first customer")];
    }

    private static int Used(Scene scene, TimeSpan since)
    {
        CallWindow calls = scene.Calls.Since(since);
        return scene.Shop.Names.Count(name => calls.First(name) is not null);
    }
}
