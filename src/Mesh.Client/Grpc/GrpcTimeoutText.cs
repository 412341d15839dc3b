using System.Globalization;
using System.Net.Http.Headers;

namespace Mesh.Client.Grpc;

/// <summary>Reads and writes <c>grpc-timeout</c>: at most eight digits and a unit (grpc/grpc, doc/PROTOCOL-HTTP2.md).</summary>
internal static class GrpcTimeoutText
{
    private const int MaxDigits = 8;
    private const long TooLong = 100_000_000;

    // 99999999H are more ticks than a timestamp of nanoseconds holds.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    /// <summary>The time that a call's client gives it, a year at most; <see langword="null"/> where it gives none, or none that can be read.</summary>
    public static TimeSpan? Of(HttpRequestMessage request) =>
        request.Headers.NonValidated.TryGetValues(GrpcNames.Timeout, out HeaderStringValues values) && TryParse(values.ToString(), out TimeSpan timeout)
            ? timeout < s_longest ? timeout : s_longest
            : null;

    /// <summary>Reads it. Nanoseconds are rounded up to what a <see cref="TimeSpan"/> can say.</summary>
    /// <param name="text">The header's value.</param>
    /// <param name="timeout">The time; zero is over already.</param>
    /// <returns>Whether the text is well formed.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = TimeSpan.Zero;
        // The parser of the runtime lets zero characters stand after the digits.
        if (text.Length is < 2 or > MaxDigits + 1 || text.Contains('\0') || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return false;
        }

        long ticks = text[^1] switch
        {
            'H' => value * TimeSpan.TicksPerHour,
            'M' => value * TimeSpan.TicksPerMinute,
            'S' => value * TimeSpan.TicksPerSecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            'n' => (value + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        timeout = TimeSpan.FromTicks(Math.Max(0, ticks));
        return ticks >= 0;
    }

    /// <summary>Writes it in the finest unit that eight digits hold, rounded down; what is over already is one nanosecond.</summary>
    public static string Format(TimeSpan timeout)
    {
        long ticks = timeout.Ticks;
        (long value, char unit) = ticks switch
        {
            <= 0 => (1, 'n'),
            < TooLong * TimeSpan.TicksPerMicrosecond => (Math.Max(1, ticks / TimeSpan.TicksPerMicrosecond), 'u'),
            < TooLong * TimeSpan.TicksPerMillisecond => (ticks / TimeSpan.TicksPerMillisecond, 'm'),
            < TooLong * TimeSpan.TicksPerSecond => (ticks / TimeSpan.TicksPerSecond, 'S'),
            _ => (ticks / TimeSpan.TicksPerHour, 'H'),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
    }
}
