using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Admin;

/// <summary>What the admin API says. Event ids 4200 to 4209 belong to it.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(4200, LogLevel.Error, "The admin API could not look at the mesh; its stream goes on with the next look")]
    public static partial void LookFailed(ILogger logger, Exception error);
}
