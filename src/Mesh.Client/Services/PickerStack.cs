using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Tiers;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>The picker of one scheme and what it chooses from.</summary>
/// <param name="Picker">The outermost picker; <see langword="null"/> where there is nothing to choose from.</param>
/// <param name="Members">The endpoints that it may choose, in any order.</param>
/// <param name="Tiers">The layer that puts near endpoints first, where there is one.</param>
/// <param name="Single">Where there is none because all endpoints are equally near: the one tier that has all calls.</param>
internal sealed record PickerStack(EndpointPicker? Picker, ImmutableArray<EndpointNode> Members, TierPicker? Tiers, TierTable? Single)
{
    public static PickerStack Empty { get; } = new(null, [], null, null);

    /// <summary>Those of some endpoints that either of two pickers may choose, in the same order; the same array where it is all of them.</summary>
    public static ImmutableArray<EndpointNode> Union(ImmutableArray<EndpointNode> nodes, PickerStack http, PickerStack https)
    {
        HashSet<EndpointNode> members = [.. http.Members, .. https.Members];
        return members.Count == nodes.Length ? nodes : [.. nodes.Where(members.Contains)];
    }

    /// <summary>How calls divide among the tiers now; <see langword="null"/> where nearness does not count.</summary>
    public TierTable? Table => Tiers?.Table ?? Single;
}
