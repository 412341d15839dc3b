using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Telemetry;

/// <summary>What the agent says. Event ids 6000 to 6099 belong to it.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(6000, LogLevel.Information, "mesh-agent {Version} is ready: outbound {Outbound}, admin {Admin}", EventName = "MeshAgentReady")]
    public static partial void Ready(ILogger logger, string version, string outbound, string admin);

    [LoggerMessage(6001, LogLevel.Error, "The changed configuration of the agent is not valid and is not used; the last good one stays in force. Correct these and save it again:\n{Errors}", EventName = "MeshAgentConfigurationRefused")]
    public static partial void ReloadRefused(ILogger logger, string errors);

    [LoggerMessage(6002, LogLevel.Information, "The configuration of the agent changed", EventName = "MeshAgentConfigurationReloaded")]
    public static partial void Reloaded(ILogger logger);

    [LoggerMessage(6003, LogLevel.Warning, "The listeners of the agent changed in its configuration, which counts from the next start on: restart the agent", EventName = "MeshAgentRestartNeeded")]
    public static partial void RestartNeeded(ILogger logger);

    [LoggerMessage(6004, LogLevel.Information, "Inbound {Service}: {Listen} leads to {Forward}", EventName = "MeshAgentInboundReady")]
    public static partial void InboundReady(ILogger logger, string service, string listen, string forward);

    [LoggerMessage(6005, LogLevel.Information, "Inbound {Service}: the program at {Forward} passes its health check", EventName = "MeshAgentProgramWell")]
    public static partial void ProgramWell(ILogger logger, string service, string forward);

    [LoggerMessage(6006, LogLevel.Warning, "Inbound {Service}: the program at {Forward} fails its health check and is taken out of the registry: {Fault}", EventName = "MeshAgentProgramUnwell")]
    public static partial void ProgramUnwell(ILogger logger, string service, string forward, string fault);

    [LoggerMessage(6007, LogLevel.Information, "Inbound {Service}: the program at {Forward} does not pass its health check yet and is not registered: {Fault}", EventName = "MeshAgentProgramAwaited")]
    public static partial void ProgramAwaited(ILogger logger, string service, string forward, string fault);

    [LoggerMessage(6008, LogLevel.Warning, "systemd could not be told {State} at {Socket}: {Fault}. With Type=notify it ends the agent when TimeoutStartSec is over", EventName = "MeshAgentNotifyFailed")]
    public static partial void NobodyToTell(ILogger logger, string state, string socket, string fault);

    [LoggerMessage(6010, LogLevel.Warning, "Refused {Method} for {Host}: {Reason}. {Detail} ({Suppressed} like it not logged since the last)", EventName = "MeshAgentRefused")]
    public static partial void Refused(ILogger logger, string method, string host, string reason, string detail, long suppressed);

    [LoggerMessage(6011, LogLevel.Warning, "Ended a connection of HTTP/2 from {Peer}: it took back most of its requests right after it had made them, more than {Streams} in all. ({Suppressed} like it not logged since the last)", EventName = "MeshAgentResetFlood")]
    public static partial void ResetFlood(ILogger logger, string peer, int streams, long suppressed);

    [LoggerMessage(6020, LogLevel.Information, "{Id} registers as {Service} at {Address}", EventName = "MeshAgentRegistrationTaken")]
    public static partial void RegistrationTaken(ILogger logger, string id, string service, string address);

    [LoggerMessage(6021, LogLevel.Warning, "{Id} of {Service} is taken out of the registry: {Why}", EventName = "MeshAgentRegistrationOver")]
    public static partial void RegistrationOver(ILogger logger, string id, string service, string why);

    [LoggerMessage(6022, LogLevel.Information, "{Id} of {Service} passes its health check", EventName = "MeshAgentRegistrationWell")]
    public static partial void RegistrationWell(ILogger logger, string id, string service);

    [LoggerMessage(6023, LogLevel.Warning, "{Id} of {Service} fails its health check and is taken out of the registry: {Fault}", EventName = "MeshAgentRegistrationUnwell")]
    public static partial void RegistrationUnwell(ILogger logger, string id, string service, string fault);
}
