using Mesh.Client.Health;

namespace Mesh.Client.Nodes;

/// <summary>
/// The one word of a node that says whether calls may go there: the breaker's state in its lowest bits, and beside it a bit for each of the others
/// that may keep calls away. Each of them changes its own bits and leaves the rest, so that none can overwrite another.
/// </summary>
internal static class GateWord
{
    /// <summary>The health check fails.</summary>
    public const int Unhealthy = 8;

    /// <summary>An operator took the endpoint out.</summary>
    public const int Isolated = 16;

    /// <summary>The endpoint is none of those that take calls of this process, and counts nowhere.</summary>
    public const int Absent = 32;

    private const int BreakerMask = 7;

    /// <summary>The breaker's own state, whatever lies over it.</summary>
    public static BreakerState BreakerOf(int word) => (BreakerState)(word & BreakerMask);

    public static int WithBreaker(int word, BreakerState state) => (word & ~BreakerMask) | (int)state;

    public static int With(int word, int bit, bool on) => on ? word | bit : word & ~bit;

    /// <summary>Whether nothing keeps calls away.</summary>
    public static bool IsClosed(int word) => (word & ~Absent) == 0;

    /// <summary>What the node shows: the operator's word before the health check's, and that before the breaker's.</summary>
    public static BreakerState StateOf(int word) =>
        (word & Isolated) != 0 ? BreakerState.Isolated
        : (word & Unhealthy) != 0 ? BreakerState.Unhealthy
        : BreakerOf(word);

    /// <summary>1 where the endpoint is out though its breaker is closed: what the ledger cannot know from the breaker. Else 0.</summary>
    public static int OutBeside(int word) => (word & (Isolated | Unhealthy)) != 0 && (word & (Absent | BreakerMask)) == 0 ? 1 : 0;
}
