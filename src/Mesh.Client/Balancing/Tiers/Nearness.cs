using Mesh.Client.Model;

namespace Mesh.Client.Balancing.Tiers;

/// <summary>Which tier an endpoint belongs to, seen from this process: 0 its own zone, 1 its own region, 2 the rest.</summary>
internal sealed class Nearness
{
    private readonly Locality _own;

    // The endpoints of one place tend to share one value.
    private Locality? _last;
    private int _tierOfLast;

    private Nearness(Locality own) => _own = own;

    /// <summary>The view of this process; <see langword="null"/> where nearness is not asked for or nobody said where the process runs.</summary>
    public static Nearness? Of(LocalityPolicy policy, Locality own) =>
        policy.PreferZone && (own.Zone.Length > 0 || own.Region.Length > 0) ? new Nearness(own) : null;

    public int TierOf(Locality place)
    {
        if (!ReferenceEquals(place, _last))
        {
            _last = place;
            _tierOfLast = Compare(place);
        }

        return _tierOfLast;
    }

    // Zones are named within their region, so that a region that only one side knows is no contradiction.
    private int Compare(Locality place)
    {
        bool sameRegion = string.Equals(place.Region, _own.Region, StringComparison.OrdinalIgnoreCase);
        bool sameZone = _own.Zone.Length > 0 && string.Equals(place.Zone, _own.Zone, StringComparison.OrdinalIgnoreCase);
        if (sameZone && (sameRegion || place.Region.Length == 0 || _own.Region.Length == 0))
        {
            return 0;
        }

        return sameRegion && _own.Region.Length > 0 ? 1 : 2;
    }
}
