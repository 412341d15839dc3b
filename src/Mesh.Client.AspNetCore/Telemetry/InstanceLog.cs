using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Telemetry;

/// <summary>What the life of this instance says. Event ids 4000 to 4099 belong to it.</summary>
internal static partial class InstanceLog
{
    [LoggerMessage(4000, LogLevel.Information, "{Service}: registered as {Id} at {Address} in {Registry}, {Took} after the application started", EventName = "InstanceRegistered")]
    public static partial void Registered(ILogger logger, string service, string id, string address, string registry, TimeSpan took);

    [LoggerMessage(4001, LogLevel.Warning, "{Service}: {Registry} does not take the registration of {Id}; the application serves, and it is tried again until it does. See that the registry is up and allows it: {Error}", EventName = "InstanceNotRegistered")]
    public static partial void NotRegistered(ILogger logger, string service, string registry, string id, string error);

    [LoggerMessage(4002, LogLevel.Debug, "{Registry} still does not take the registration of {Id}: {Error}", EventName = "InstanceStillNotRegistered")]
    public static partial void StillNotRegistered(ILogger logger, string registry, string id, string error);

    [LoggerMessage(4003, LogLevel.Error, "{Service}: another process is registered as {Id} in {Registry}, so this one is not; give each its own Mesh:Registration:InstanceId. It is tried again every {Interval}: {Error}", EventName = "InstanceConflict")]
    public static partial void Conflict(ILogger logger, string service, string id, string registry, TimeSpan interval, string error);

    [LoggerMessage(4004, LogLevel.Debug, "{Id} takes {Warmth:P0} of its share of the calls", EventName = "InstanceWarmer")]
    public static partial void Warmer(ILogger logger, string id, double warmth);

    [LoggerMessage(4005, LogLevel.Information, "{Service}: {Id} says of itself in {Registry} what changed", EventName = "InstanceChanged")]
    public static partial void Changed(ILogger logger, string service, string id, string registry);

    [LoggerMessage(4010, LogLevel.Error, "This instance is not registered: {Fault}", EventName = "InstanceWithoutAddress")]
    public static partial void NoAddress(ILogger logger, string fault);

    [LoggerMessage(4011, LogLevel.Error, "This instance is not registered: there is no registry to register in; call mesh.AddConsul() or add an IServiceRegistrar, or set Mesh:Registration:Enabled to false", EventName = "InstanceWithoutRegistry")]
    public static partial void NoRegistry(ILogger logger);

    [LoggerMessage(4012, LogLevel.Warning, "{Address} is registered, which only processes on this machine can reach; listen on other addresses, or set Mesh:Registration:Address", EventName = "InstanceOnLoopback")]
    public static partial void Loopback(ILogger logger, string address);

    [LoggerMessage(4013, LogLevel.Warning, "This instance is not registered yet, {Waited} after the application started, because its health checks do not pass: {Checks}", EventName = "InstanceUnwell")]
    public static partial void Unwell(ILogger logger, TimeSpan waited, string checks);

    [LoggerMessage(4014, LogLevel.Warning, "Mesh:Registration:DrainDelay ({DrainDelay}) leaves requests in flight no time within the host's ShutdownTimeout ({ShutdownTimeout}); lower the one, or raise HostOptions.ShutdownTimeout", EventName = "DrainDelayTooLong")]
    public static partial void DrainDelayTooLong(ILogger logger, TimeSpan drainDelay, TimeSpan shutdownTimeout);

    [LoggerMessage(4015, LogLevel.Error, "The life cycle of this instance failed, and it is not registered any more; the application serves", EventName = "InstanceLifecycleFailed")]
    public static partial void Failed(ILogger logger, Exception error);

    [LoggerMessage(4020, LogLevel.Information, "Draining: not ready any more, and serving for {DrainDelay} after the registry knows", EventName = "InstanceDraining")]
    public static partial void Draining(ILogger logger, TimeSpan drainDelay);

    [LoggerMessage(4021, LogLevel.Information, "{Service}: {Id} deregistered from {Registry} in {Took}", EventName = "InstanceDeregistered")]
    public static partial void Deregistered(ILogger logger, string service, string id, string registry, TimeSpan took);

    [LoggerMessage(4022, LogLevel.Warning, "{Service}: {Id} could not be deregistered from {Registry} within {Took}, and stays there until its check fails: {Error}", EventName = "InstanceNotDeregistered")]
    public static partial void NotDeregistered(ILogger logger, string service, string id, string registry, TimeSpan took, string error);

    [LoggerMessage(4023, LogLevel.Warning, "The drain was cut short after {Served} of {DrainDelay}: {Reason}", EventName = "InstanceDrainCutShort")]
    public static partial void CutShort(ILogger logger, TimeSpan served, TimeSpan drainDelay, string reason);

    [LoggerMessage(4024, LogLevel.Information, "Stopped in {Took}, {Drained} of it draining", EventName = "InstanceStopped")]
    public static partial void Stopped(ILogger logger, TimeSpan took, TimeSpan drained);
}
