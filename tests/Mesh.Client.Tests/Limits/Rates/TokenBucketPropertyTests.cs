using System.Numerics;
using Mesh.Client.Limits.Rates;
using Mesh.Client.Model;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Limits.Rates;

/// <summary>The bucket against one that counts in exact fractions.</summary>
public sealed class TokenBucketPropertyTests
{
    [Fact]
    public void TryAcquire_AnyTries_DecidesAsTheExactBucketDoes() => ForAny.Check(RateCase.Any(RateLimitAlgorithm.TokenBucket), static c =>
    {
        var algorithm = RateAlgorithm.Create(c.Policy, c.Frequency, c.Start);
        BigInteger perTicks = (BigInteger)c.Policy.Per.Ticks * c.Frequency;
        BigInteger permitsTicks = (BigInteger)c.Policy.Permits * TimeSpan.TicksPerSecond;
        BigInteger full = algorithm.Limit * perTicks;
        BigInteger level = full;
        long word = 0;
        BigInteger total = 0;
        long now = c.Start;
        foreach (RateTry attempt in c.Tries)
        {
            now = unchecked(now + attempt.Ahead);
            level = BigInteger.Min(full, level + (attempt.Ahead * permitsTicks));
            bool passes = algorithm.TryAcquire(ref word, now, attempt.Permits, out TimeSpan retryAfter);
            BigInteger spare = level - (attempt.Permits * perTicks);

            // A unit, about two nanoseconds at most; for a huge bucket what 61 bits tell apart.
            BigInteger margin = (permitsTicks * c.Frequency / 500_000_000) + (full >> 59) + 1;
            Assert.True(passes ? spare > -margin : spare < margin, $"{passes} with {spare} spare at {attempt}");
            Assert.True(word >= 0);
            if (passes)
            {
                Assert.Equal(TimeSpan.Zero, retryAfter);
                level = spare;
                total += attempt.Permits;
                Assert.True(total * perTicks <= full + (unchecked(now - c.Start) * permitsTicks), $"{total} in all");
            }
            else
            {
                RateChecks.RetryAfterIsRight(algorithm, word, now, attempt.Permits, retryAfter);
            }
        }
    });

    [Fact]
    public void Status_AnyTries_TellsWhatCanBeTaken() => ForAny.Check(RateCase.Any(RateLimitAlgorithm.TokenBucket), RateChecks.StatusTellsWhatCanBeTaken);
}
