using Mesh.Client.Limits.Rates;

namespace Mesh.Client.Tests.Limits.Rates;

/// <summary>What holds for each way of counting.</summary>
internal static class RateChecks
{
    public static void StatusTellsWhatCanBeTaken(RateCase c)
    {
        var algorithm = RateAlgorithm.Create(c.Policy, c.Frequency, c.Start);
        var state = new RateState(algorithm);
        long now = c.Start;
        foreach (RateTry attempt in c.Tries)
        {
            now = unchecked(now + attempt.Ahead);
            state.TryAcquire(now, attempt.Permits, out _);
            RateStatus status = state.Status(now);
            Assert.InRange(status.Remaining, 0, algorithm.Limit);
            Assert.Equal(status.ResetAfter == TimeSpan.Zero, state.IsFresh(now));

            Assert.True(state.TryConvert(algorithm, now, out long word));
            Assert.Equal(status.Remaining, algorithm.Remaining(word, now));
            if (status.Remaining < int.MaxValue)
            {
                Assert.False(algorithm.TryAcquire(ref word, now, (int)status.Remaining + 1, out _));
                Assert.Equal(status.Remaining > 0, algorithm.TryAcquire(ref word, now, 0, out _));
                Assert.Equal(status.Remaining > 0, algorithm.TryAcquire(ref word, now, (int)status.Remaining, out _));
            }

            state = new RateState(algorithm, word);
        }
    }

    /// <summary>After the time that a refusal names the same call passes; just before it, it does not.</summary>
    public static void RetryAfterIsRight(RateAlgorithm algorithm, long word, long now, int permits, TimeSpan retryAfter)
    {
        if (permits > algorithm.Limit)
        {
            Assert.Equal(RateAlgorithm.Never, retryAfter);
            return;
        }

        Assert.True(retryAfter > TimeSpan.Zero);
        long then = unchecked(now + (long)Math.Ceiling((decimal)retryAfter.Ticks * algorithm.TicksPerSecond / TimeSpan.TicksPerSecond));
        long later = word;
        Assert.True(algorithm.TryAcquire(ref later, then, permits, out _), $"refused after {retryAfter}");
        long before = unchecked(now + (long)((decimal)(retryAfter.Ticks - 3 - (retryAfter.Ticks >> 40)) * algorithm.TicksPerSecond / TimeSpan.TicksPerSecond) - 2);
        Assert.True(before <= now || !algorithm.TryAcquire(ref word, before, permits, out _), $"{retryAfter} is too long");
    }
}
