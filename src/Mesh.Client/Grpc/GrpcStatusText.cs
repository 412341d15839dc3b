using System.Collections.Frozen;

namespace Mesh.Client.Grpc;

/// <summary>The statuses of gRPC as Envoy's retry conditions and people write them: <c>resource-exhausted</c>.</summary>
internal static class GrpcStatusText
{
    private static readonly FrozenDictionary<string, GrpcStatusCode> s_byName = new Dictionary<string, GrpcStatusCode>(StringComparer.OrdinalIgnoreCase)
    {
        ["cancelled"] = GrpcStatusCode.Cancelled,
        ["unknown"] = GrpcStatusCode.Unknown,
        ["deadline-exceeded"] = GrpcStatusCode.DeadlineExceeded,
        ["resource-exhausted"] = GrpcStatusCode.ResourceExhausted,
        ["aborted"] = GrpcStatusCode.Aborted,
        ["internal"] = GrpcStatusCode.Internal,
        ["unavailable"] = GrpcStatusCode.Unavailable,
        ["data-loss"] = GrpcStatusCode.DataLoss,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that another attempt may change.</summary>
    public static IEnumerable<string> Names => s_byName.Keys.Order(StringComparer.Ordinal);

    public static bool TryParse(string word, out GrpcStatusCode status) => s_byName.TryGetValue(word, out status);
}
