using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Model;

namespace Mesh.Client.Routing;

/// <summary>Decides which lane a request enters that is in none yet.</summary>
internal static class LaneEntry
{
    /// <summary>The lane; <see langword="null"/> where the request enters none.</summary>
    /// <param name="rules">The rules in their order.</param>
    /// <param name="facts">The request.</param>
    /// <param name="random">Draws where a rule has a fraction and the request no key.</param>
    public static string? Find<TFacts>(ValueList<LaneRule> rules, scoped in TFacts facts, Random random)
        where TFacts : IKeyedFacts, allows ref struct
    {
        foreach (LaneRule rule in rules)
        {
            if (RouteMatcher.FirstFailure(rule.Match, facts, random, out _) is RouteCondition.None && IsIn(rule, facts, random))
            {
                return rule.Lane;
            }
        }

        return null;
    }

    private static bool IsIn<TFacts>(LaneRule rule, scoped in TFacts facts, Random random)
        where TFacts : IKeyedFacts, allows ref struct
    {
        if (rule.Fraction is >= 1 or <= 0)
        {
            return rule.Fraction > 0;
        }

        // The lane goes into the hash: else the users of a second rule would be those of the first, which took them all.
        double point = rule.Key is { } part && facts.TryGetKey(part, out ReadOnlySpan<char> key) && key.Length > 0
            ? StableHash.ToUnit(StableHash.Mix(XxHash64.Hash(key) ^ XxHash64.Hash(rule.Lane)))
            : random.NextDouble();
        return point < rule.Fraction;
    }
}
