using System.Buffers.Binary;
using System.Globalization;

namespace Mesh.Client.Testing;

/// <summary>
/// A random source that gives the same numbers for the same seed in every version of .NET, and that many threads may draw from at once.
/// </summary>
/// <remarks>
/// Give the mesh the source with <c>mesh.UseRandom(new SeededRandom(42))</c>. The generator is SplitMix64 (Steele, Lea, Flood: "Fast
/// Splittable Pseudorandom Number Generators", OOPSLA 2014; constants as in Vigna's public-domain <c>splitmix64.c</c>). Threads that draw at
/// once share one sequence: which thread gets which number is up to their timing, but no number is lost or given twice. What
/// <see cref="Random"/> builds on these draws, such as <see cref="Random.Shuffle{T}(T[])"/>, follows the runtime's own algorithm. Not for secrets.
/// </remarks>
public sealed class SeededRandom : Random
{
    private ulong _state;

    /// <summary>Makes a source.</summary>
    /// <param name="seed">Any number; each one gives another sequence.</param>
    public SeededRandom(long seed)
        : base(0) // the base's own generator is never drawn from
    {
        Seed = seed;
        _state = unchecked((ulong)seed);
    }

    /// <summary>The seed, to repeat a run with.</summary>
    public long Seed { get; }

    /// <summary>A number from 0 up to, but not including, <see cref="int.MaxValue"/>.</summary>
    public override int Next() => (int)Below(int.MaxValue);

    /// <summary>A number from 0 up to, but not including, <paramref name="maxValue"/>.</summary>
    /// <param name="maxValue">Not negative; for 0 the result is 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxValue"/> is negative.</exception>
    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)Below((ulong)maxValue);
    }

    /// <summary>A number from <paramref name="minValue"/> up to, but not including, <paramref name="maxValue"/>.</summary>
    /// <param name="minValue">The least number.</param>
    /// <param name="maxValue">Not less than <paramref name="minValue"/>; where they are equal that is the result.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minValue"/> is greater than <paramref name="maxValue"/>.</exception>
    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)(minValue + (long)Below((ulong)((long)maxValue - minValue)));
    }

    /// <summary>A number from 0 up to, but not including, <see cref="long.MaxValue"/>.</summary>
    public override long NextInt64() => (long)Below(long.MaxValue);

    /// <summary>A number from 0 up to, but not including, <paramref name="maxValue"/>.</summary>
    /// <param name="maxValue">Not negative; for 0 the result is 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxValue"/> is negative.</exception>
    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (long)Below((ulong)maxValue);
    }

    /// <summary>A number from <paramref name="minValue"/> up to, but not including, <paramref name="maxValue"/>.</summary>
    /// <param name="minValue">The least number.</param>
    /// <param name="maxValue">Not less than <paramref name="minValue"/>; where they are equal that is the result.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minValue"/> is greater than <paramref name="maxValue"/>.</exception>
    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return unchecked(minValue + (long)Below((ulong)maxValue - (ulong)minValue));
    }

    /// <summary>One of the 2⁵³ evenly spaced numbers from 0 up to, but not including, 1.</summary>
    public override double NextDouble() => (Draw() >> 11) * (1.0 / (1UL << 53));

    /// <summary>One of the 2²⁴ evenly spaced numbers from 0 up to, but not including, 1.</summary>
    public override float NextSingle() => (Draw() >> 40) * (1.0f / (1U << 24));

    /// <summary>Fills an array; every 8 bytes are one draw, least byte first.</summary>
    /// <param name="buffer">What to fill.</param>
    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    /// <summary>Fills a span; every 8 bytes are one draw, least byte first.</summary>
    /// <param name="buffer">What to fill.</param>
    public override void NextBytes(Span<byte> buffer)
    {
        while (buffer.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, Draw());
            buffer = buffer[sizeof(ulong)..];
        }

        if (buffer.Length > 0)
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(last, Draw());
            last[..buffer.Length].CopyTo(buffer);
        }
    }

    /// <summary>The type and the seed, for a test's output: <c>SeededRandom(42)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{nameof(SeededRandom)}({Seed})");

    /// <summary>The same as <see cref="NextDouble"/>.</summary>
    protected override double Sample() => NextDouble();

    private ulong Draw()
    {
        ulong z = Interlocked.Add(ref _state, 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>An unbiased number below the bound, or 0 for the bound 0, by Lemire's multiplication (ACM TOMACS 29, 2019).</summary>
    private ulong Below(ulong bound)
    {
        ulong high = Math.BigMul(Draw(), bound, out ulong low);
        if (low < bound)
        {
            for (ulong least = (0 - bound) % bound; low < least;)
            {
                high = Math.BigMul(Draw(), bound, out low);
            }
        }

        return high;
    }
}
