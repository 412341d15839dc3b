using System.Globalization;
using Mesh.Client.Inbound;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.AspNetCore.Receiving;

/// <summary>
/// How long the caller of a request waits: the shorter of <c>grpc-timeout</c> (gRPC over HTTP/2: one to eight digits and a unit of H, M, S, m, u, n) and
/// <c>x-envoy-expected-rq-timeout-ms</c> (milliseconds). What is malformed says nothing, as for Grpc.AspNetCore and Envoy; more than a year is a year.
/// </summary>
internal static class RequestDeadline
{
    private const int MaxGrpcDigits = 8;

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    /// <summary>The time that is left; <see langword="null"/> where the request does not say.</summary>
    public static TimeSpan? Left(IHeaderDictionary headers)
    {
        TimeSpan? grpc = headers.TryGetValue(InboundHeaders.GrpcTimeout, out StringValues timeout) ? Grpc(timeout) : null;
        TimeSpan? envoy = headers.TryGetValue(InboundHeaders.Timeout, out timeout) ? Milliseconds(timeout) : null;
        return grpc is null || envoy < grpc ? envoy : grpc;
    }

    private static TimeSpan? Grpc(StringValues values)
    {
        if (values is not [{ Length: >= 2 and <= MaxGrpcDigits + 1 } text] || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long amount))
        {
            return null;
        }

        // Nanoseconds are rounded up: what is not nothing must not become it.
        return text[^1] switch
        {
            'H' => Cap(amount, TimeSpan.TicksPerHour),
            'M' => Cap(amount, TimeSpan.TicksPerMinute),
            'S' => Cap(amount, TimeSpan.TicksPerSecond),
            'm' => Cap(amount, TimeSpan.TicksPerMillisecond),
            'u' => Cap(amount, TimeSpan.TicksPerMicrosecond),
            'n' => TimeSpan.FromTicks((amount + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick),
            _ => null,
        };
    }

    // A number too long to be read is a time too long to matter.
    private static TimeSpan? Milliseconds(StringValues values) =>
        values is not [{ Length: > 0 } text] || text.AsSpan().ContainsAnyExceptInRange('0', '9') ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long amount) ? Cap(amount, TimeSpan.TicksPerMillisecond) : s_longest;

    private static TimeSpan Cap(long amount, long unit) => amount > s_longest.Ticks / unit ? s_longest : TimeSpan.FromTicks(amount * unit);
}
