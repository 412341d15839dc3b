using Microsoft.Extensions.Logging;

namespace Mesh.Client.Redis.Telemetry;

/// <summary>What the Redis package says. Event ids 5000 to 5099 belong to it.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(5000, LogLevel.Warning, "Redis does not answer; quotas fall back as their OnStoreFailure says: {Error}", EventName = "RedisOutageBegan")]
    public static partial void OutageBegan(ILogger logger, string error);

    [LoggerMessage(5001, LogLevel.Information, "Redis answers again after {Outage}", EventName = "RedisOutageOver")]
    public static partial void OutageOver(ILogger logger, TimeSpan outage);

    [LoggerMessage(5002, LogLevel.Warning, "Redis has answered nothing for {Silence}: another connection is made", EventName = "RedisReconnecting")]
    public static partial void Reconnecting(ILogger logger, TimeSpan silence);
}
