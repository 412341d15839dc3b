using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Mesh.Agent.Listening;

/// <summary>
/// Lets what a socket has brought be worked on by the thread that waits for sockets, one a processor, instead of handing it to the pool's. Passing on has nothing in it that blocks, and each hand-over costs as much as the
/// engine does: docs/decisions/agent-socket-threads.md.
/// </summary>
internal static class SocketThreads
{
    // Read by System.Net.Sockets when the first socket is made.
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Sets it for the sockets towards services, unless the environment says otherwise. Before the first of them is made.</summary>
    public static void Prepare() => Environment.SetEnvironmentVariable(Variable, Environment.GetEnvironmentVariable(Variable) ?? "1");

    /// <summary>Sets it for the connections of a listener.</summary>
    public static void Set(SocketTransportOptions options) => options.UnsafePreferInlineScheduling = Environment.GetEnvironmentVariable(Variable) == "1";
}
