using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Mesh.Client.Testing.Tests;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextBytes_PublishedSeed_GivesThePublishedSequence()
    {
        // The values of splitmix64.c for the seed 1234567.
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        var random = new SeededRandom(1234567);
        byte[] bytes = new byte[expected.Length * sizeof(ulong)];

        random.NextBytes(bytes);

        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)))));
    }

    [Fact]
    public void AllMethods_OneSeed_GiveTheirKnownNumbers()
    {
        var random = new SeededRandom(1234567);
        byte[] three = new byte[3];

        // Worked out by hand from the published sequence above: the high bits of each draw, scaled.
        Assert.Equal((int)(((UInt128)6457827717110365317 * int.MaxValue) >> 64), random.Next());
        Assert.Equal((int)(((UInt128)3203168211198807973 * 100) >> 64), random.Next(100));
        Assert.Equal(-50 + (int)(((UInt128)9817491932198370423 * 100) >> 64), random.Next(-50, 50));
        Assert.Equal((4593380528125082431 >> 11) / 9007199254740992.0, random.NextDouble());
        Assert.Equal((16408922859458223821 >> 40) / 16777216f, random.NextSingle());

        random = new SeededRandom(1234567);
        Assert.Equal((long)(((UInt128)6457827717110365317 * long.MaxValue) >> 64), random.NextInt64());
        Assert.Equal((long)(((UInt128)3203168211198807973 * 1_000_000_000_000) >> 64), random.NextInt64(1_000_000_000_000));
        Assert.Equal((long)((UInt128)9817491932198370423 * 10 >> 64) - 5, random.NextInt64(-5, 5));
        random.NextBytes(three);
        Assert.Equal(BitConverter.GetBytes(4593380528125082431)[..3], three);
        random.NextBytes(three.AsSpan());
        Assert.Equal(BitConverter.GetBytes(16408922859458223821)[..3], three);
    }

    [Fact]
    public void Next_SameSeed_SameSequenceAndOtherSeedAnother()
    {
        int[] first = Draw(new SeededRandom(42));

        Assert.Equal(first, Draw(new SeededRandom(42)));
        Assert.NotEqual(first, Draw(new SeededRandom(43)));
        Assert.NotEqual(first, Draw(new SeededRandom(-42)));

        static int[] Draw(SeededRandom random) => [.. Enumerable.Range(0, 100).Select(_ => random.Next())];
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(-1, 2)]
    [InlineData(int.MinValue, int.MaxValue)]
    [InlineData(int.MaxValue - 1, int.MaxValue)]
    public void Next_Range_StaysWithin(int min, int max)
    {
        var random = new SeededRandom(7);
        for (int i = 0; i < 10_000; i++)
        {
            int value = random.Next(min, max);
            Assert.InRange(value, min, Math.Max(min, max - 1));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 2)]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(long.MinValue, 3)]
    public void NextInt64_Range_StaysWithin(long min, long max)
    {
        var random = new SeededRandom(7);
        for (int i = 0; i < 10_000; i++)
        {
            long value = random.NextInt64(min, max);
            Assert.InRange(value, min, Math.Max(min, max - 1));
        }
    }

    [Fact]
    public void Next_BadRange_IsRefused()
    {
        var random = new SeededRandom(7);

        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt64(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt64(2, 1));
        Assert.Throws<ArgumentNullException>(() => random.NextBytes(null!));
    }

    [Fact]
    public void Next_SmallBound_IsEven()
    {
        const int Draws = 60_000;
        var random = new SeededRandom(7);
        int[] counts = new int[6];
        for (int i = 0; i < Draws; i++)
        {
            counts[random.Next(6)]++;
        }

        // 10 000 each, give or take five standard deviations.
        Assert.All(counts, static count => Assert.InRange(count, 9_540, 10_460));
    }

    [Fact]
    public void NextInt64_BoundThatDividesBadly_IsEven()
    {
        // A width of three quarters of 2^64: without the rejection in Lemire's method every third number would come up twice as often.
        var random = new SeededRandom(7);

        int thirds = Enumerable.Range(0, 60_000).Count(_ => unchecked((ulong)random.NextInt64(long.MinValue, 1L << 62) + (1UL << 63)) % 3 == 0);

        Assert.InRange(thirds, 19_400, 20_600);
    }

    [Fact]
    public void NextDoubleAndSingle_Always_LieBelowOneAndAverageToAHalf()
    {
        var random = new SeededRandom(7);
        double sum = 0;
        for (int i = 0; i < 50_000; i++)
        {
            double d = random.NextDouble();
            float f = random.NextSingle();
            Assert.True(d is >= 0 and < 1 && f is >= 0 and < 1);
            sum += d + f;
        }

        Assert.InRange(sum / 100_000, 0.495, 0.505);
    }

    [Fact]
    public void Shuffle_SameSeed_SameOrder()
    {
        int[] a = [.. Enumerable.Range(0, 50)];
        int[] b = [.. a];

        new SeededRandom(3).Shuffle(a);
        new SeededRandom(3).Shuffle(b);

        Assert.Equal(a, b);
        Assert.NotEqual(Enumerable.Range(0, 50), a);
    }

    [Fact]
    public async Task NextInt64_ManyThreads_LosesAndRepeatsNoNumber()
    {
        const int Threads = 4;
        const int Draws = 20_000;
        var shared = new SeededRandom(11);
        var drawn = new ConcurrentBag<long>();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Draws; i++)
            {
                drawn.Add(shared.NextInt64());
            }
        })));

        var alone = new SeededRandom(11);
        Assert.Equal(Enumerable.Range(0, Threads * Draws).Select(_ => alone.NextInt64()).Order(), drawn.Order());
    }

    [Fact]
    public void ToString_Always_NamesTheSeed()
    {
        Assert.Equal("SeededRandom(-5)", new SeededRandom(-5).ToString());
        Assert.Equal(-5, new SeededRandom(-5).Seed);
    }
}
