namespace Polyglot.Story.Measuring;

/// <summary>What the customer gets to see.</summary>
/// <param name="Id">Which it is.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Path">The programs that had a hand in it: web, orders, depot, stock.</param>
internal sealed record Page(int Id, int Count, Seen[] Path)
{
    /// <summary>The trace that the customer began.</summary>
    public string Trace { get; init; } = "";

    /// <summary>Whether all four programs saw the customer's trace.</summary>
    public bool IsOneTrace => Path.Length == 4 && Path.All(s => s.Trace == Trace);

    /// <summary>Whether an instance had a hand in it.</summary>
    public bool IsFrom(string instance) => Path.Any(s => s.By == instance);

    /// <summary>Whether programs of each language saw a lane.</summary>
    public bool IsWholeIn(string lane) => Path.Length == 4 && Path.All(s => s.Lane == lane);
}
