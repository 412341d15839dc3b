using Mesh.Client.Matching;

namespace Mesh.Client.Model;

/// <summary>Which calls a rule is for: all conditions must hold.</summary>
internal sealed record RouteMatch
{
    public PathPattern? Path { get; init; }

    public string? Exact { get; init; }

    public string? Prefix { get; init; }

    public SafePattern? PathRegex { get; init; }

    /// <summary>How <see cref="Exact"/> and <see cref="Prefix"/> are compared.</summary>
    public bool IgnoreCase { get; init; }

    public ValueList<string> Methods { get; init; }

    public ValueList<ValueCondition> Headers { get; init; }

    public ValueList<ValueCondition> Query { get; init; }

    public ValueList<string> Callers { get; init; }

    /// <summary>The lane; <c>*</c> is any, <see langword="null"/> with or without one.</summary>
    public string? Lane { get; init; }

    public double Fraction { get; init; } = 1;
}
