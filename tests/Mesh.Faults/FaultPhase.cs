namespace Mesh.Faults;

/// <summary>A part of a schedule.</summary>
/// <param name="Length">How long it holds.</param>
/// <param name="Fault">What is wrong meanwhile.</param>
public sealed record FaultPhase(TimeSpan Length, LinkFault Fault)
{
    /// <summary>Phases drawn at random: a fault and a time without any by turns.</summary>
    /// <param name="seed">The same seed gives the same phases.</param>
    /// <param name="count">How many faults.</param>
    /// <param name="longest">The longest phase; the shortest is a tenth of it.</param>
    /// <param name="faults">What is drawn from.</param>
    public static IReadOnlyList<FaultPhase> Draw(int seed, int count, TimeSpan longest, params IReadOnlyList<LinkFault> faults)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 2 * count).Select(i => new FaultPhase(longest * (0.1 + (0.9 * random.NextDouble())), i % 2 == 0 ? faults[random.Next(faults.Count)] : LinkFault.None))];
    }
}
