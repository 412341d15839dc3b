using Microsoft.Extensions.Logging;

namespace Mesh.Client.Telemetry;

/// <summary>The line of a call. Event ids 2200 to 2299 belong to it.</summary>
internal static partial class AccessLog
{
    public const string Category = "Mesh.Client.AccessLog";

    [LoggerMessage(2200, LogLevel.Information, "{Method} {Service}{Path} {StatusCode} {Outcome} in {Milliseconds} ms, route {Route}, lane {Lane}, {Attempts} attempts, last at {Endpoint}")]
    public static partial void CallEnded(
        ILogger logger, string method, string service, string path, int statusCode, string outcome, double milliseconds, string? route, string? lane, int attempts, string? endpoint);

    [LoggerMessage(2201, LogLevel.Warning, "{Method} {Service}{Path} {StatusCode} {Outcome} ({Reason}) in {Milliseconds} ms, route {Route}, lane {Lane}, {Attempts} attempts, last at {Endpoint}")]
    public static partial void CallFailed(
        ILogger logger,
        string method,
        string service,
        string path,
        int? statusCode,
        string outcome,
        string reason,
        double milliseconds,
        string? route,
        string? lane,
        int attempts,
        string? endpoint);
}
