using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services.Routes;

/// <summary>What chooses among some endpoints of a service.</summary>
/// <param name="Http">For calls to <c>http://</c>; <see langword="null"/> where none of them serves those.</param>
/// <param name="Https">For calls to <c>https://</c>.</param>
/// <param name="Candidates">The endpoints, those of the fallback left out.</param>
internal sealed record SubsetPickers(EndpointPicker? Http, EndpointPicker? Https, ImmutableArray<EndpointNode> Candidates)
{
    /// <summary>What takes over where none of the endpoints can take a call; <see langword="null"/> where nothing does.</summary>
    public SubsetPickers? Others { get; init; }

    public static SubsetPickers None { get; } = new(null, null, []);
}
