using Microsoft.Extensions.Logging;

namespace Mesh.Client.Options;

/// <summary>What the configuration of the mesh logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "The mesh configuration changed: {Changed} of {Services} services have a new policy{Names}.", EventName = "MeshConfigurationReloaded")]
    public static partial void Reloaded(ILogger logger, int changed, int services, string names);

    [LoggerMessage(1001, LogLevel.Error, "The changed mesh configuration is not valid and is not used; the last good one stays in force. Correct these and save it again:\n{Errors}", EventName = "MeshConfigurationRefused")]
    public static partial void ReloadRefused(ILogger logger, string errors);

    [LoggerMessage(1002, LogLevel.Warning, "A source of the mesh configuration has no keys any more; the last good configuration stays in force for {Grace}. If the source is still empty then, it counts as meant.", EventName = "MeshConfigurationSourceVanished")]
    public static partial void SourceVanished(ILogger logger, TimeSpan grace);

    [LoggerMessage(1003, LogLevel.Error, "The changed mesh configuration could not be read; the last good one stays in force.", EventName = "MeshConfigurationReadFailed")]
    public static partial void ReloadFailed(ILogger logger, Exception exception);

    [LoggerMessage(1004, LogLevel.Error, "A listener to the mesh configuration threw; the others were told of the change.", EventName = "MeshConfigurationListenerFailed")]
    public static partial void ListenerFailed(ILogger logger, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "These keys of the section services look like endpoints and cannot be used:\n{Keys}", EventName = "AspireEndpointsIgnored")]
    public static partial void AspireIgnored(ILogger logger, string keys);

    [LoggerMessage(1006, LogLevel.Error, "{Source}: the policy document {Key} is refused, and {Instead}; other documents apply. Correct these and write it again:\n{Errors}", EventName = "MeshPolicyDocumentRefused")]
    public static partial void DocumentRefused(ILogger logger, string source, string key, string instead, string errors);

    [LoggerMessage(1007, LogLevel.Error, "{Count} further policy documents are refused; IMeshStatus.GetPolicySources tells why", EventName = "MeshPolicyDocumentsRefused")]
    public static partial void DocumentsRefused(ILogger logger, int count);
}
