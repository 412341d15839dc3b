using System.Globalization;
using Mesh.Client.Grpc;
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
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    /// <summary>The time that is left; <see langword="null"/> where the request does not say.</summary>
    public static TimeSpan? Left(IHeaderDictionary headers)
    {
        TimeSpan? grpc = headers.TryGetValue(GrpcNames.Timeout, out StringValues timeout) ? Grpc(timeout) : null;
        TimeSpan? envoy = headers.TryGetValue(InboundHeaders.Timeout, out timeout) ? Milliseconds(timeout) : null;
        return grpc is null || envoy < grpc ? envoy : grpc;
    }

    private static TimeSpan? Grpc(StringValues values) =>
        values is [{ } text] && GrpcTimeoutText.TryParse(text, out TimeSpan left) ? left < s_longest ? left : s_longest : null;

    // A number too long to be read is a time too long to matter.
    private static TimeSpan? Milliseconds(StringValues values) =>
        values is not [{ Length: > 0 } text] || text.AsSpan().ContainsAnyExceptInRange('0', '9') ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long amount) ? Cap(amount, TimeSpan.TicksPerMillisecond) : s_longest;

    private static TimeSpan Cap(long amount, long unit) => amount > s_longest.Ticks / unit ? s_longest : TimeSpan.FromTicks(amount * unit);
}
