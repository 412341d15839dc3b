using Mesh.Client.Nodes;

namespace Mesh.Client.Services.Routes;

/// <summary>
/// Whether so few endpoints of a part are available that the pick must ignore the gates. The panic of the whole service says nothing of a part: where the endpoints of a lane are out, those of the baseline may
/// all be well. Where calls fall back, all of the endpoints on their way must be in panic, each part by itself, as in Envoy's subsets.
/// </summary>
/// <param name="part">The part.</param>
/// <param name="threshold">The panic threshold.</param>
/// <param name="ticksPerSecond">Of the mesh's clock.</param>
internal sealed class PartPanic(SubsetPickers part, double threshold, long ticksPerSecond)
{
    private volatile Verdict? _last;

    /// <summary>Whether it holds.</summary>
    /// <param name="version">The version of the service's ledger, another one after each change of a gate.</param>
    /// <param name="now">The timestamp.</param>
    public bool Holds(int version, long now)
    {
        Verdict? last = _last;
        if (last is null || last.Version != version || now >= last.Until)
        {
            // Pauses end without a change of a gate.
            _last = last = new Verdict(version, now + (ticksPerSecond / 8), IsInPanic(now));
        }

        return last.InPanic;
    }

    private bool IsInPanic(long now)
    {
        for (SubsetPickers? rank = part; rank is not null; rank = rank.Others)
        {
            int available = 0;
            foreach (EndpointNode node in rank.Candidates)
            {
                available += node.IsAvailable(now) ? 1 : 0;
            }

            if (available > 0 && available >= threshold * rank.Candidates.Length)
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Verdict(int Version, long Until, bool InPanic);
}
