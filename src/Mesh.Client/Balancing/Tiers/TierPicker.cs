using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Health;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Tiers;

/// <summary>
/// Near endpoints first: draws a tier by its share of the calls and lets that tier's own picker choose. Where it has nobody, because all were tried,
/// are ejected or warm up, the others are asked, nearest first. Shares are worked out anew at the first pick after a change of health, by one thread;
/// the others go by the old ones meanwhile.
/// </summary>
internal sealed class TierPicker : EndpointPicker
{
    private const int MaxProbesLookedAt = 16;

    private readonly EndpointPicker?[] _pickers;
    private readonly TierSet _tiers;
    private readonly EjectionLedger _ledger;
    private volatile TierTable _table;
    private int _busy;

    /// <summary>Makes the picker.</summary>
    /// <param name="tiers">The endpoints by tier.</param>
    /// <param name="pickers">A picker for each tier, <see langword="null"/> for an empty one.</param>
    /// <param name="ledger">The service's ledger, which knows when health has changed.</param>
    /// <param name="before">The table of the picker before, from which the shares go on.</param>
    /// <param name="now">The timestamp.</param>
    public TierPicker(TierSet tiers, EndpointPicker?[] pickers, EjectionLedger ledger, TierTable? before, long now)
    {
        _pickers = pickers;
        _tiers = tiers;
        _ledger = ledger;
        _table = TierTable.After(tiers, before, ledger.Version, ledger.InPanic, now);
    }

    /// <summary>The present shares and what they came from.</summary>
    public TierTable Table => _table;

    public override EndpointNode? Pick(in PickContext context)
    {
        TierTable table = _table;
        if (table.Version != _ledger.Version)
        {
            table = Renew(table, context.Timestamp);
        }

        if (context.Timestamp >= table.ProbeDue && Probe(table, context) is { } due)
        {
            return due;
        }

        // Mixed once more: else the keys of a tier would all lie close together on its ring.
        ulong bits = context.HasKey ? StableHash.Mix(context.Key) : (ulong)context.NextBits() << 1;
        int drawn = table.Shift.TierOf(StableHash.ToUnit(bits), context.Timestamp);
        return _pickers[drawn]?.Pick(context) ?? PickOfOthers(drawn, context);
    }

    private EndpointNode? PickOfOthers(int drawn, in PickContext context)
    {
        for (int tier = 0; tier < TierValues.Count; tier++)
        {
            if (tier != drawn && _pickers[tier]?.Pick(context) is { } node)
            {
                return node;
            }
        }

        return null;
    }

    private TierTable Renew(TierTable old, long now)
    {
        if (now - old.Made < _tiers.RestTicks || Interlocked.Exchange(ref _busy, 1) != 0)
        {
            return old;
        }

        try
        {
            // The version first: what changes after it was read is seen at the next pick.
            int version = _ledger.Version;
            return version == _table.Version ? _table : _table = TierTable.After(_tiers, _table, version, _ledger.InPanic, now);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    // A tier without a share gets no calls, and without calls its ejected endpoints would never show that they are well again.
    private static EndpointNode? Probe(TierTable table, in PickContext context)
    {
        EndpointNode[] shut = table.Shut;
        int start = context.NextInt(shut.Length);
        for (int i = 0; i < Math.Min(shut.Length, MaxProbesLookedAt); i++)
        {
            EndpointNode node = shut[(start + i) % shut.Length];
            if (node.AwaitsProbe && context.CanPick(node))
            {
                return node;
            }
        }

        return null;
    }
}
