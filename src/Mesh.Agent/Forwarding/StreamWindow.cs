namespace Mesh.Agent.Forwarding;

/// <summary>
/// Bounds what the agent holds of a response whose reader has stopped reading. .NET's HTTP/2 lets a stream from a service that was read fast send 16 MB ahead, which a hundred calls together make the memory of the machine;
/// 1 MB ahead is a gigabyte a second within a data center, and 10 MB a second around the world.
/// </summary>
internal static class StreamWindow
{
    /// <summary>The most bytes of a stream that are on their way or held.</summary>
    public const string MostBytes = "1048576";

    // Read by System.Net.Http when the first connection is made; there is no property for it.
    private const string Variable = "DOTNET_SYSTEM_NET_HTTP_SOCKETSHTTPHANDLER_FLOWCONTROL_MAXSTREAMWINDOWSIZE";

    /// <summary>Sets it, unless the environment says otherwise. Before the first connection.</summary>
    public static void Prepare() => Environment.SetEnvironmentVariable(Variable, Environment.GetEnvironmentVariable(Variable) ?? MostBytes);
}
