using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Telemetry;

/// <summary>What the receiving side says. Event ids 4100 to 4199 belong to it.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(4100, LogLevel.Warning, "Refused {Method} {Path} from {Address}, caller \"{Caller}\": {Reason} by {Rule} ({Suppressed} like it not logged since the last)", EventName = "MeshRequestRefused")]
    public static partial void Refused(ILogger logger, string method, string path, string address, string caller, string reason, string rule, long suppressed);

    [LoggerMessage(4101, LogLevel.Warning, "Dry run: {Rule} would have denied {Method} {Path} from {Address}, caller \"{Caller}\" ({Suppressed} like it not logged since the last)", EventName = "MeshRequestWouldBeDenied")]
    public static partial void WouldDeny(ILogger logger, string rule, string method, string path, string address, string caller, long suppressed);
}
