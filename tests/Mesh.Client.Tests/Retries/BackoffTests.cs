using Mesh.Client.Retries;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Retries;

public sealed class BackoffTests
{
    private static readonly TimeSpan Base = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1, 25)]
    [InlineData(2, 50)]
    [InlineData(3, 100)]
    [InlineData(6, 800)]
    [InlineData(7, 1000)]
    [InlineData(20, 1000)]
    [InlineData(int.MaxValue, 1000)]
    public void FullJitter_AnyRetry_IsSpreadEvenlyFromNothingToTheCeiling(int retry, double ceiling)
    {
        var random = new SeededRandom(retry);
        double[] waits = [.. Enumerable.Range(0, 20_000).Select(_ => Backoff.FullJitter(retry, Base, Max, random).TotalMilliseconds)];

        Assert.All(waits, w => Assert.InRange(w, 0, ceiling));
        Assert.InRange(waits.Min(), 0, 0.01 * ceiling);
        Assert.InRange(waits.Max(), 0.99 * ceiling, ceiling);
        Assert.InRange(waits.Average(), 0.48 * ceiling, 0.52 * ceiling);
        Assert.InRange(waits.Count(w => w < ceiling / 4), 4_600, 5_400);
    }

    [Fact]
    public void FullJitter_NoBaseDelay_DoesNotWait() => Assert.Equal(TimeSpan.Zero, Backoff.FullJitter(5, TimeSpan.Zero, Max, new SeededRandom(1)));

    [Fact]
    public void FullJitter_NoMaxDelay_DoesNotWait() => Assert.Equal(TimeSpan.Zero, Backoff.FullJitter(5, TimeSpan.Zero, TimeSpan.Zero, new SeededRandom(1)));

    [Fact]
    public void FullJitter_LongestDelays_DoNotOverflow() =>
        Assert.InRange(Backoff.FullJitter(int.MaxValue, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), new SeededRandom(1)), TimeSpan.Zero, TimeSpan.FromMinutes(10));
}
