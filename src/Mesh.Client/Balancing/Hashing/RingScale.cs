namespace Mesh.Client.Balancing.Hashing;

/// <summary>
/// How many points the endpoints of a ring have. As in Envoy they are in proportion to the weights and at least <c>RingSize</c> in all. Envoy divides a
/// fixed number among the endpoints, so that one that leaves gives all others a few points more, and these take keys from each other. Here a unit of
/// weight has as many as an average endpoint needs for a share within 4 % or so, a power of two: it changes where the limits or a heavy endpoint's
/// coming and going want it, and otherwise never.
/// </summary>
internal static class RingScale
{
    /// <summary>An average endpoint has from half as many points up to this. One over the root of it is the standard deviation of a share.</summary>
    public const int Points = 512;

    /// <summary>Past this ring (12 MB and some 0.1 s to build) endpoints have fewer points.</summary>
    public const int MaxRing = 1 << 20;

    private const int Fewest = 16;

    /// <summary>The points for each unit of weight.</summary>
    /// <param name="weights">The weights of the endpoints, each above 0.</param>
    /// <param name="ringSize">The least number of points in all.</param>
    /// <param name="points">How many an average endpoint has at most, a power of two.</param>
    public static double Of(IReadOnlyList<int> weights, int ringSize, int points = Points)
    {
        double total = weights.Sum(static w => (double)w);
        double scale = Math.Pow(2, Math.Floor(Math.Log2(points * weights.Count / total)));
        double least = weights.Min();
        double limit = Math.Max(MaxRing, 2.0 * ringSize);
        while (scale * total < ringSize || (scale * least < Math.Min(points, Fewest) && scale * total * 2 <= limit))
        {
            scale *= 2;
        }

        while (scale * total > limit)
        {
            scale /= 2;
        }

        return scale;
    }

    /// <summary>The points of an endpoint; each has one at least.</summary>
    public static int PointsOf(int weight, double scale) => Math.Max(1, (int)Math.Round(weight * scale));
}
