using System.Globalization;
using System.Net.Http.Headers;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>Headers as gRPC writes them.</summary>
internal static class GrpcMetadata
{
    /// <summary>A value for a name with <c>-bin</c>: base64 without padding.</summary>
    public static string OfBytes(byte[] value) => Convert.ToBase64String(value).TrimEnd('=');

    /// <summary>The bytes of a <c>-bin</c> value, padded or not.</summary>
    public static byte[] ToBytes(string value) => Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '='));

    /// <summary>The value of <c>grpc-timeout</c>: at most eight digits and the finest unit that they allow.</summary>
    public static string OfTimeout(TimeSpan timeout)
    {
        long micros = Math.Max(1, timeout.Ticks / TimeSpan.TicksPerMicrosecond);
        return micros < 100_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{micros}u")
            : micros < 100_000_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{micros / 1000}m")
            : string.Create(CultureInfo.InvariantCulture, $"{micros / 1_000_000}S");
    }

    /// <summary>Headers by lower-case name; the values of one name are joined by a comma.</summary>
    public static IReadOnlyDictionary<string, string> Read(HttpHeaders headers) =>
        headers.NonValidated.ToDictionary(static h => h.Key.ToLowerInvariant(), static h => h.Value.ToString(), StringComparer.Ordinal);
}
