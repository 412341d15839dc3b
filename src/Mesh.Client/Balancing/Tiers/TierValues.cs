namespace Mesh.Client.Balancing.Tiers;

/// <summary>One number for each tier, the nearest first.</summary>
/// <param name="Zone">Of the endpoints in the process's own zone.</param>
/// <param name="Region">Of the others in its region.</param>
/// <param name="Rest">Of all others.</param>
internal readonly record struct TierValues(double Zone, double Region, double Rest)
{
    public const int Count = 3;

    public double Sum => Zone + Region + Rest;

    public double this[int tier] => tier switch { 0 => Zone, 1 => Region, _ => Rest };

    /// <summary>Everything in one tier.</summary>
    public static TierValues AllIn(int tier) => new(tier == 0 ? 1 : 0, tier == 1 ? 1 : 0, tier == 2 ? 1 : 0);

    public static TierValues Of(ReadOnlySpan<double> values) => new(values[0], values[1], values[2]);

    public static TierValues operator *(TierValues values, double factor) => new(values.Zone * factor, values.Region * factor, values.Rest * factor);
}
