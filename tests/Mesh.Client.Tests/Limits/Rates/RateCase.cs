using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Limits.Rates;

/// <summary>A policy, a clock and what is tried on them; of any size that the options allow.</summary>
internal sealed record RateCase(RateLimitPolicy Policy, long Frequency, long Start, IReadOnlyList<RateTry> Tries)
{
    private static readonly long[] PermitsOf = [1, 2, 3, 7, 10, 100, 999, 1_000, 65_537, 1_000_000];
    private static readonly long[] PerOf = [TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMillisecond * 7, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute, TimeSpan.TicksPerHour, 365 * TimeSpan.TicksPerDay];
    private static readonly long?[] BurstOf = [null, 0, 1, 5, 50, 1_000_000_000];
    private static readonly long[] FrequencyOf = [10_000_000, 1_000_000_000, 24_000_000, 1_000];

    // The last ones wrap round while the tries go on.
    private static readonly long[] StartOf = [0, 1, 315_576_000_000_000_000, long.MaxValue - 1_000, -5];

    public static Arbitrary<RateCase> Any(RateLimitAlgorithm algorithm) => Arb.From(
        from permits in Gen.Elements(PermitsOf)
        from per in Gen.Elements(PerOf)
        where permits <= per * 100
        from burst in Gen.Elements(BurstOf)
        from frequency in Gen.Elements(FrequencyOf)
        from start in Gen.Elements(StartOf)
        let policy = new RateLimitPolicy { Algorithm = algorithm, Permits = permits, Per = TimeSpan.FromTicks(per), Burst = burst }
        from tries in Gen.ListOf(Try(Math.Max(1, (long)(per * (frequency / 1e7))), permits))
        select new RateCase(policy, frequency, start, tries.ToList()));

    public override string ToString() => $"{Policy}, {Frequency} Hz from {Start}: {string.Join(", ", Tries)}";

    // Steps of every size around a window and around what one permit takes; calls of one permit mostly.
    private static Gen<RateTry> Try(long per, long permits) =>
        from ahead in Gen.Frequency(
            (6, Gen.Constant(0L)),
            (4, Gen.Choose(0, 3).Select(n => n * per / permits)),
            (3, Gen.Choose(0, 100).Select(n => n * (per / 100))),
            (1, Gen.Choose(1, 40).Select(n => n * (per / 7))))
        from wanted in Gen.Frequency((6, Gen.Constant(1)), (3, Gen.Choose(1, 5)), (1, Gen.Choose(1, (int)Math.Min(permits, 2_000_000))))
        select new RateTry(ahead, wanted);
}
