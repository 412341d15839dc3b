using System.Globalization;
using System.Net.Http.Headers;

namespace Mesh.Client.Faults;

/// <summary>
/// The headers by which a call asks for its own fault (Envoy, HTTP fault filter, "Controlling fault injection via HTTP headers"). Of several values the first counts; what cannot be read is
/// as if it were not there.
/// </summary>
internal static class FaultHeaders
{
    /// <summary>Milliseconds.</summary>
    public const string Delay = "x-envoy-fault-delay-request";

    public const string DelayPercentage = "x-envoy-fault-delay-request-percentage";

    /// <summary>A status of HTTP, from 200 to 599.</summary>
    public const string Abort = "x-envoy-fault-abort-request";

    /// <summary>A status of gRPC, known or not; of no account beside <see cref="Abort"/>.</summary>
    public const string AbortGrpc = "x-envoy-fault-abort-grpc-request";

    public const string AbortPercentage = "x-envoy-fault-abort-request-percentage";

    /// <summary>Says of an answer that it is a fault: <c>abort</c>.</summary>
    public const string Injected = "x-mesh-fault";

    /// <summary>The number that a header says; <see langword="null"/> where there is none, or one above a limit.</summary>
    public static ulong? Number(HttpRequestMessage request, string name, ulong most)
    {
        if (!request.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
        {
            return null;
        }

        foreach (string value in values)
        {
            return ulong.TryParse(value.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number <= most ? number : null;
        }

        return null;
    }
}
