using Mesh.Client.Matching;

namespace Mesh.Client.Model;

/// <summary>What a header or a value of the query must be.</summary>
internal sealed record ValueCondition
{
    public required string Name { get; init; }

    public required ValueConditionKind Kind { get; init; }

    /// <summary>The text of the condition, where it has one.</summary>
    public string Text { get; init; } = "";

    public SafePattern? Pattern { get; init; }

    /// <summary>The first number of a range.</summary>
    public long First { get; init; }

    /// <summary>What a range ends before.</summary>
    public long End { get; init; }

    public bool Invert { get; init; }

    public StringComparison Comparison { get; init; } = StringComparison.Ordinal;

    public bool MissingIsEmpty { get; init; }
}
