using System.Collections.Immutable;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Sticky;

/// <summary>
/// The endpoint that served the caller before, as long as it is there and well: session affinity as in Envoy's stateful session filter and in YARP. A
/// call without a mark, or whose endpoint is gone, ejected or tried, goes where the inner picker says; its reply carries the new mark.
/// </summary>
internal sealed class StickyPicker : EndpointPicker
{
    private readonly EndpointPicker _inner;
    private readonly RequestPart _part;
    private readonly Dictionary<ulong, EndpointNode> _byMark;

    /// <summary>Makes the picker.</summary>
    /// <param name="inner">Chooses for calls that stick to nobody.</param>
    /// <param name="nodes">The endpoints that calls may stick to.</param>
    /// <param name="part">The cookie or header with the mark.</param>
    public StickyPicker(EndpointPicker inner, ImmutableArray<EndpointNode> nodes, RequestPart part)
    {
        _inner = inner;
        _part = part;
        _byMark = new Dictionary<ulong, EndpointNode>(nodes.Length);
        foreach (EndpointNode node in nodes)
        {
            _byMark.TryAdd(StickyMark.Of(node.Endpoint), node);
        }
    }

    public override EndpointNode? Pick(in PickContext context)
    {
        foreach (ulong mark in new StickyMarks(context.Request, _part))
        {
            if (_byMark.TryGetValue(mark, out EndpointNode? node) && context.IsOpen(node))
            {
                return node;
            }
        }

        return _inner.Pick(context);
    }
}
