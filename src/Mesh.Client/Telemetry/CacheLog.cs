using Microsoft.Extensions.Logging;

namespace Mesh.Client.Telemetry;

/// <summary>What the cache of the last good endpoints says. Event ids 2100 to 2119 belong to it.</summary>
internal static partial class CacheLog
{
    [LoggerMessage(2100, LogLevel.Warning, "The cache file {File} {Fault}. It is ignored; the next good answer replaces it where it may. If that does not help, delete it")]
    public static partial void FileIgnored(ILogger logger, string file, string fault);

    [LoggerMessage(2101, LogLevel.Warning, "The folder of the endpoint cache, {Folder}, {Fault}. Without it a start fails while every source is down. Set Mesh:Discovery:CacheDirectory to a folder that only this user can write, such as one that does not exist yet, or to \"\" for no cache")]
    public static partial void FolderIgnored(ILogger logger, string folder, string fault);

    [LoggerMessage(2102, LogLevel.Warning, "The disk of the endpoint cache, {Folder}, has not answered for {Time}; services are used without their last good endpoints until it does")]
    public static partial void DiskHangs(ILogger logger, string folder, TimeSpan time);

    [LoggerMessage(2103, LogLevel.Debug, "{Service}: the last good endpoints are not used: {Source} does not come first any more, or is not asked any more")]
    public static partial void NotUsed(ILogger logger, string service, string source);
}
