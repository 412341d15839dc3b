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

    [LoggerMessage(3020, LogLevel.Information, "{Instance}: registered in Consul as an instance of {Service} at {Address}", EventName = "ConsulRegistered")]
    public static partial void Registered(ILogger logger, string instance, string service, string address);

    [LoggerMessage(3021, LogLevel.Information, "{Instance}: taken out of Consul", EventName = "ConsulDeregistered")]
    public static partial void Deregistered(ILogger logger, string instance);

    [LoggerMessage(3022, LogLevel.Information, "{Instance}: registered at {Address} again, because {Why}", EventName = "ConsulRegisteredAgain")]
    public static partial void RegisteredAgain(ILogger logger, string instance, string address, string why);

    [LoggerMessage(3023, LogLevel.Warning, "{Instance}: Consul cannot be asked whether it is still registered, and is asked again and again: {Error}", EventName = "ConsulRegistrationOutOfReach")]
    public static partial void RegistrationOutOfReach(ILogger logger, string instance, string error);

    [LoggerMessage(3024, LogLevel.Information, "{Instance}: Consul can be asked again whether it is registered", EventName = "ConsulRegistrationReached")]
    public static partial void RegistrationReached(ILogger logger, string instance);

    [LoggerMessage(3025, LogLevel.Information, "{Instance}: taken over from {Other}: {Why}", EventName = "ConsulRegistrationTakenOver")]
    public static partial void TakenOver(ILogger logger, string instance, string other, string why);

    [LoggerMessage(3026, LogLevel.Error, "Another process registered over this one and is left alone until it is gone. {Conflict}", EventName = "ConsulRegistrationOverwritten")]
    public static partial void Overwritten(ILogger logger, string conflict);

    [LoggerMessage(3027, LogLevel.Warning, "Check {Check} could not be kept passing, and is tried again: {Error}", EventName = "ConsulPassFailed")]
    public static partial void PassFailed(ILogger logger, string check, string error);
}
