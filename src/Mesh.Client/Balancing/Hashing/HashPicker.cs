using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Hashing;

/// <summary>
/// The endpoint that owns the call's key. Where it is ejected, tried or full, the owners of the places after it are asked in turn, so that all calls of
/// a key agree about its second endpoint too, and the keys of an endpoint that fails spread over many others. A call without a key goes anywhere.
/// </summary>
/// <param name="nodes">The endpoints.</param>
/// <param name="table">Who owns what.</param>
/// <param name="bound">What an endpoint may carry; <see langword="null"/> where there is no bound.</param>
internal sealed class HashPicker(ImmutableArray<EndpointNode> nodes, KeyTable table, LoadBound? bound) : EndpointPicker
{
    // With half of the endpoints ejected a walk this long comes once in 10^38 calls.
    private const int MaxPlaces = 128;

    private readonly EndpointNode[] _nodes = ImmutableCollectionsMarshal.AsArray(nodes)!;
    private readonly int[] _owners = table.Owners;

    public override EndpointNode? Pick(in PickContext context)
    {
        bound?.Look();
        ulong hash = context.HasKey ? context.Key : (ulong)context.NextBits() << 1;
        int place = table.Find(hash);
        int best = -1;
        for (int left = Math.Min(MaxPlaces, _owners.Length), before = -1; left > 0; left--)
        {
            int owner = _owners[place];
            place = place + 1 < _owners.Length ? place + 1 : 0;
            if (owner == before || !context.CanPick(_nodes[owner]))
            {
                continue;
            }

            before = owner;
            if (bound is null || bound.HasRoom(owner))
            {
                best = owner;
                break;
            }

            best = best < 0 || bound.IsEmptier(owner, best) ? owner : best;
        }

        if (best < 0)
        {
            return Scan.From(_nodes, (int)(hash % (ulong)_nodes.Length), context);
        }

        bound?.OnPicked(best);
        return _nodes[best];
    }
}
