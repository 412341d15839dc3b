using Polyglot.Story.Measuring;
using Shop.Story.Steps;

namespace Polyglot.Story.Steps;

/// <summary>Nothing happens yet: every instance gets calls.</summary>
internal sealed class FindAll : IStep
{
    public string Title => "customers come: http://web (Node) calls http://orders (Python), that http://depot (Node), and that stock by gRPC (Node)";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene, Browser web)
    {
        TimeSpan opened = scene.Clock.Now;
        bool all = await scene.UntilAsync(() => Used(scene, opened) == scene.Fleet.Names.Count);
        TimeSpan took = scene.Clock.Now - opened;
        return [new Claim("All eight programs were registered by their agents, found and used", all, $"{Used(scene, opened)} of {scene.Fleet.Names.Count}, {took.TotalSeconds:0.0} s after the first customer")];
    }

    private static int Used(Scene scene, TimeSpan since)
    {
        CallWindow calls = scene.Calls.Since(since);
        return scene.Fleet.Names.Count(calls.Includes);
    }
}
