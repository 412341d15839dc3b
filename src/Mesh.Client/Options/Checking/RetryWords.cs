using System.Globalization;
using Mesh.Client.Grpc;
using Mesh.Client.Model;

namespace Mesh.Client.Options.Checking;

/// <summary>The words of <c>Retry:On</c>.</summary>
internal static class RetryWords
{
    public static IReadOnlyList<string> Names { get; } = ["connect-failure", "refused-stream", "reset", "attempt-timeout", .. GrpcStatusText.Names];

    /// <summary>Reads one word, which is a condition, a status of gRPC or a status code.</summary>
    public static bool TryParse(string word, out RetryConditions condition, out int statusCode)
    {
        statusCode = 0;
        condition = word.ToUpperInvariant() switch
        {
            "CONNECT-FAILURE" => RetryConditions.ConnectFailure,
            "REFUSED-STREAM" => RetryConditions.RefusedStream,
            "RESET" => RetryConditions.Reset,
            "ATTEMPT-TIMEOUT" => RetryConditions.AttemptTimeout,
            _ => RetryConditions.None,
        };
        return condition != RetryConditions.None
            || GrpcStatusText.TryParse(word, out _)
            || (word.Length == 3 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out statusCode) && statusCode is 408 or 429 or (>= 500 and <= 599));
    }
}
