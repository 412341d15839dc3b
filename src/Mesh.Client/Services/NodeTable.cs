using System.Collections.Immutable;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>
/// The nodes of one service by <c>host:port</c>, and the keyed diff that brings them up to date. Sources keep their order from one update to
/// the next, so that what did not change is skipped without being touched; only the span that changed is looked up. Used by the watch task of
/// the service alone.
/// </summary>
internal sealed class NodeTable(INodeOwner owner)
{
    private readonly Dictionary<(string Host, int Port), EndpointNode> _byAddress = [];
    private int _mark;
    private long _warmUpFrom;

    public ImmutableArray<EndpointNode> Nodes { get; private set; } = [];

    /// <summary>The endpoints of the nodes, in the same order.</summary>
    public ImmutableArray<MeshEndpoint> Endpoints { get; private set; } = [];

    /// <summary>Makes the nodes what the set says; of two endpoints with one address the first counts.</summary>
    /// <param name="endpoints">The set.</param>
    /// <param name="now">The timestamp from which endpoints that join others warm up; 0 where they need not.</param>
    public NodeChange Apply(ImmutableArray<MeshEndpoint> endpoints, long now = 0)
    {
        _warmUpFrom = Nodes.IsEmpty ? 0 : now;
        int head = Head(endpoints);
        int tail = Tail(endpoints, head);
        if (head == endpoints.Length && head == Nodes.Length)
        {
            Endpoints = endpoints;
            return new NodeChange(Nodes, [], 0);
        }

        // Marked: was in the changed span. Marked one higher: stays.
        _mark += 2;
        MarkSpan(head, Nodes.Length - tail);
        if (tail > 0 && IsKeptElsewhere(endpoints.AsSpan(head, endpoints.Length - tail - head)))
        {
            // An address that stands twice counts where it stands first, which is not in the tail.
            MarkSpan(Nodes.Length - tail, Nodes.Length);
            tail = 0;
        }

        int oldEnd = Nodes.Length - tail;
        var nodes = ImmutableArray.CreateBuilder<EndpointNode>(endpoints.Length);
        nodes.AddRange(Nodes.AsSpan(0, head));
        int added = 0;
        for (int i = head; i < endpoints.Length - tail; i++)
        {
            added += Place(endpoints[i], nodes) ? 1 : 0;
        }

        nodes.AddRange(Nodes.AsSpan(oldEnd, tail));
        List<EndpointNode> removed = [];
        for (int i = head; i < oldEnd; i++)
        {
            EndpointNode node = Nodes[i];
            if (node.Mark == _mark)
            {
                removed.Add(node);
                if (_byAddress.TryGetValue(AddressOf(node.Endpoint), out EndpointNode? listed) && ReferenceEquals(listed, node))
                {
                    _byAddress.Remove(AddressOf(node.Endpoint));
                }
            }
        }

        Nodes = nodes.DrainToImmutable();
        Endpoints = Nodes.Length == endpoints.Length ? endpoints : [.. Nodes.Select(static n => n.Endpoint)];
        return new NodeChange(Nodes, removed, added);
    }

    /// <summary>Takes single nodes out.</summary>
    public NodeChange Without(EndpointNode node) => Apply([.. Nodes.Where(n => !ReferenceEquals(n, node)).Select(static n => n.Endpoint)]);

    private void MarkSpan(int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            Nodes[i].Mark = _mark;
        }
    }

    private bool IsKeptElsewhere(ReadOnlySpan<MeshEndpoint> endpoints)
    {
        foreach (MeshEndpoint endpoint in endpoints)
        {
            if (_byAddress.TryGetValue(AddressOf(endpoint), out EndpointNode? node) && node.Mark != _mark)
            {
                return true;
            }
        }

        return false;
    }

    private bool Place(MeshEndpoint endpoint, ImmutableArray<EndpointNode>.Builder nodes)
    {
        (string Host, int Port) address = AddressOf(endpoint);
        if (_byAddress.TryGetValue(address, out EndpointNode? node) && (node.Mark != _mark || IsSame(node.Endpoint, endpoint)))
        {
            if (node.Mark == _mark)
            {
                node.Mark = _mark + 1;
                node.Update(endpoint);
                nodes.Add(node);
            }

            return false;
        }

        node = new EndpointNode(endpoint, owner) { Mark = _mark + 1 };
        if (_warmUpFrom != 0)
        {
            node.BeginWarmUp(_warmUpFrom);
        }

        _byAddress[address] = node;
        nodes.Add(node);
        return true;
    }

    private int Head(ImmutableArray<MeshEndpoint> endpoints)
    {
        int head = 0;
        while (head < endpoints.Length && head < Nodes.Length && TryKeep(head, endpoints[head]))
        {
            head++;
        }

        return head;
    }

    private int Tail(ImmutableArray<MeshEndpoint> endpoints, int head)
    {
        int tail = 0;
        while (endpoints.Length - tail > head && Nodes.Length - tail > head && TryKeep(Nodes.Length - tail - 1, endpoints[^(tail + 1)]))
        {
            tail++;
        }

        return tail;
    }

    private bool TryKeep(int index, MeshEndpoint endpoint)
    {
        MeshEndpoint old = Endpoints[index];
        if (ReferenceEquals(old, endpoint))
        {
            return true;
        }

        if (!IsSame(old, endpoint))
        {
            return false;
        }

        Nodes[index].Update(endpoint);
        return true;
    }

    // A changed id at the same address is another instance, and starts clean.
    private static bool IsSame(MeshEndpoint old, MeshEndpoint endpoint) =>
        old.Port == endpoint.Port && old.Host == endpoint.Host && old.Id == endpoint.Id;

    private static (string Host, int Port) AddressOf(MeshEndpoint endpoint) => (endpoint.Host, endpoint.Port);
}
