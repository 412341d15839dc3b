using System.Numerics;
using Mesh.Client.Limits.Rates;
using Mesh.Client.Model;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Limits.Rates;

/// <summary>The windows against lists of everything that passed.</summary>
public sealed class WindowPropertyTests
{
    [Fact]
    public void FixedWindow_AnyTries_CountsWhatPassedInTheWindow() => ForAny.Check(RateCase.Any(RateLimitAlgorithm.FixedWindow), static c =>
        Run(c, static (passed, elapsed, per, permits, limit) => (bool?)(passed.Where(p => p.At / per == elapsed / per).Sum(static p => p.Permits) + permits <= limit)));

    [Fact]
    public void SlidingWindow_AnyTries_CountsTheWindowBeforeByItsCoveredShare() => ForAny.Check(RateCase.Any(RateLimitAlgorithm.SlidingWindow), static c => Run(c, CountsTheShare));

    [Fact]
    public void SlidingWindow_AnyTries_LetsThroughNoMoreThanItsBound() => ForAny.Check(RateCase.Any(RateLimitAlgorithm.SlidingWindow), static c =>
    {
        List<(long At, long Permits)> passed = Run(c, static (_, _, _, _, _) => null);
        BigInteger per = PerOf(c);
        for (int from = 0; from < passed.Count; from++)
        {
            BigInteger sum = 0;
            for (int to = from; to < passed.Count; to++)
            {
                sum += passed[to].Permits;
                Assert.True(sum * per <= c.Policy.Permits * (per + passed[to].At - passed[from].At), $"{sum} from {passed[from]} to {passed[to]}");
            }
        }
    });

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow))]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow))]
    public void Status_AnyTries_TellsWhatCanBeTaken(string name) => ForAny.Check(RateCase.Any(Enum.Parse<RateLimitAlgorithm>(name)), RateChecks.StatusTellsWhatCanBeTaken);

    private static bool? CountsTheShare(List<(long At, long Permits)> passed, long elapsed, long per, long permits, long limit)
    {
        long number = elapsed / per;
        BigInteger before = passed.Where(p => p.At / per == number - 1).Sum(static p => p.Permits);
        BigInteger taken = passed.Where(p => p.At / per == number).Sum(static p => p.Permits);
        BigInteger covered = ((before * (per - (elapsed % per))) + per - 1) / per;
        BigInteger spare = limit - covered - taken - permits;

        // A large limit knows the window before in 255 steps.
        return spare < 0 ? false : spare > limit / 255 || limit < 65_536 ? true : null;
    }

    private static List<(long At, long Permits)> Run(RateCase c, Func<List<(long At, long Permits)>, long, long, long, long, bool?> expected)
    {
        var algorithm = RateAlgorithm.Create(c.Policy, c.Frequency, c.Start);
        var passed = new List<(long At, long Permits)>();
        long word = 0;
        long now = c.Start;
        foreach (RateTry attempt in c.Tries)
        {
            now = unchecked(now + attempt.Ahead);
            long elapsed = unchecked(now - c.Start);
            bool? expectedHere = expected(passed, elapsed, PerOf(c), attempt.Permits, c.Policy.Permits);
            bool passes = algorithm.TryAcquire(ref word, now, attempt.Permits, out TimeSpan retryAfter);
            Assert.True(expectedHere is null || passes == expectedHere, $"{passes} at {elapsed} for {attempt.Permits} after {string.Join(", ", passed)}");
            Assert.True(word >= 0);
            if (passes)
            {
                passed.Add((elapsed, attempt.Permits));
            }
            else
            {
                RateChecks.RetryAfterIsRight(algorithm, word, now, attempt.Permits, retryAfter);
            }
        }

        return passed;
    }

    private static long PerOf(RateCase c) => (long)((((UInt128)c.Policy.Per.Ticks * (ulong)c.Frequency) + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);
}
