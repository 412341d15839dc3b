using System.Net.Sockets;
using System.Text;
using Mesh.Agent.Telemetry;
using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Hosting;

/// <summary>Tells systemd what the agent does, as <c>sd_notify(3)</c> does: a datagram to the socket that <c>NOTIFY_SOCKET</c> names. Without one nobody is told.</summary>
/// <param name="socket">The path of the socket; one that begins with <c>@</c> is abstract.</param>
/// <param name="logger">Where a failure is told.</param>
internal sealed class ServiceManager(string? socket, ILogger logger)
{
    /// <summary>The variable that names the socket.</summary>
    public const string Variable = "NOTIFY_SOCKET";

    /// <summary>The agent takes calls.</summary>
    public void Ready() => Say("READY=1");

    /// <summary>The agent begins to stop.</summary>
    public void Stopping() => Say("STOPPING=1");

    private void Say(string state)
    {
        if (string.IsNullOrEmpty(socket))
        {
            return;
        }

        try
        {
            using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            sender.Connect(new UnixDomainSocketEndPoint(socket[0] == '@' ? $"\0{socket[1..]}" : socket));
            sender.Send(Encoding.ASCII.GetBytes(state));
        }
        catch (Exception error) when (error is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            AgentLog.NobodyToTell(logger, state, socket, error.Message);
        }
    }
}
