using Microsoft.Extensions.Logging;

namespace Mesh.Client.Consul.Telemetry;

/// <summary>What the Consul package says. Event ids 3000 to 3099 belong to it.</summary>
internal static partial class ConsulLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Consul does not answer; the last good endpoints of all services stay in force, and it is asked for a leader every 2 s at most: {Error}", EventName = "ConsulOutageBegan")]
    public static partial void OutageBegan(ILogger logger, string error);

    [LoggerMessage(3001, LogLevel.Information, "Consul answers again after {Outage}", EventName = "ConsulOutageOver")]
    public static partial void OutageOver(ILogger logger, TimeSpan outage);

    [LoggerMessage(3002, LogLevel.Debug, "Consul still does not answer: {Error}", EventName = "ConsulStillOut")]
    public static partial void StillOut(ILogger logger, string error);

    [LoggerMessage(3003, LogLevel.Warning, "Consul's answers cannot be used, for {Service} and perhaps others; the last good endpoints stay in force: {Error}", EventName = "ConsulAnswerUnusable")]
    public static partial void AnswerUnusable(ILogger logger, string service, string error);

    [LoggerMessage(3004, LogLevel.Warning, "{Service}: {Count} of its instances in Consul are left out, because no call can go to their address or port", EventName = "ConsulInstancesLeftOut")]
    public static partial void InstancesLeftOut(ILogger logger, string service, int count);

    [LoggerMessage(3005, LogLevel.Warning, "{Service}: Consul's index went back to {Index}: its data were lost or restored, and are read anew", EventName = "ConsulIndexWentBack")]
    public static partial void IndexWentBack(ILogger logger, string service, ulong index);

    [LoggerMessage(3007, LogLevel.Warning, "Consul's catalog cannot be watched as a whole; services without a query of their own look every 10 s instead: {Error}", EventName = "ConsulSharedWatchBlind")]
    public static partial void SharedWatchBlind(ILogger logger, string error);

    [LoggerMessage(3006, LogLevel.Information, "More than {Own} services of Consul are in use: the others share one watch of the catalog", EventName = "ConsulSharedWatchBegan")]
    public static partial void SharedWatchBegan(ILogger logger, int own);
}
