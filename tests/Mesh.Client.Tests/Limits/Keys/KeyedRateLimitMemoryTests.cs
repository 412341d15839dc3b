using Mesh.Client.Limits.Keys;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Limits.Keys;

[Collection(Alone.Name)]
public sealed class KeyedRateLimitMemoryTests
{
    private const long Frequency = 10_000_000;
    private const long Start = 1_000 * Frequency;

    [Fact]
    public void TryAcquire_MillionKeysOnTheDefaultTable_KeepsMemoryBounded()
    {
        var limit = new KeyedRateLimit(new RateLimitPolicy { Permits = 10 }, Frequency, Start);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int key = 0; key < 1_000_000; key++)
        {
            limit.TryAcquire(new KeyHash((ulong)key, (ulong)key * 0x9E3779B97F4A7C15), Start + key, 1, out _);
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{grown / 100_000.0:F0} bytes a key");

        Assert.Equal(100_000, limit.Count);
        Assert.InRange(grown / 100_000, 50, 250);
        GC.KeepAlive(limit);
    }
}
