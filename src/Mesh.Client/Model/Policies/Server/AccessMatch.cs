using Mesh.Client.Matching;

namespace Mesh.Client.Model;

/// <summary>Which requests an access rule is for: every part that is named must match, and within a part any of its values. Without parts it is for all.</summary>
internal sealed record AccessMatch
{
    /// <summary>Where the client is; <see langword="null"/> is anywhere.</summary>
    public NetworkSet? Networks { get; init; }

    /// <summary>The services that call.</summary>
    public ValueList<string> Callers { get; init; }

    public ValueList<string> Methods { get; init; }

    public ValueList<PathPattern> Paths { get; init; }

    /// <summary>All of these headers must match, each with any of its lines.</summary>
    public ValueList<HeaderMatch> Headers { get; init; }
}
