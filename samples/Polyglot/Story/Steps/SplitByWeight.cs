using Polyglot.Story.Measuring;
using Shop.Story.Steps;

namespace Polyglot.Story.Steps;

/// <summary>A canary by weight: of all other pages one in five is the new version's.</summary>
internal sealed class SplitByWeight : IStep
{
    // Of so many calls a fair draw of 20 % lies between the bounds but once in many thousand runs.
    private const int Enough = 120;
    private const double Lowest = 0.05;
    private const double Highest = 0.4;

    public string Title => "of all other customers' calls orders v2 has a weight of 20 in 100";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene, Browser web)
    {
        bool enough = await scene.UntilAsync(() => scene.Calls.Since(TimeSpan.Zero).Others.Count >= Enough);
        IReadOnlyList<Page> others = scene.Calls.Since(TimeSpan.Zero).Others;
        int canary = others.Count(p => p.IsFrom("orders-2"));
        double share = (double)canary / others.Count;
        return [new Claim("The weight gave the canary its share", enough && share is > Lowest and < Highest, $"{canary} of {others.Count} pages, {share:0.0 %}")];
    }
}
