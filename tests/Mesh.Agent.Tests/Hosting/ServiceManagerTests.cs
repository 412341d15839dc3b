using System.Net.Sockets;
using System.Text;
using Mesh.Agent.Hosting;
using Mesh.Client.Tests;
using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Tests.Hosting;

public sealed class ServiceManagerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task States_OfAnAgent_ReachTheSocket(bool isAbstract)
    {
        string folder = Directory.CreateTempSubdirectory("mesh-agent-").FullName;
        string path = isAbstract ? $"@{Path.GetFileName(folder)}" : Path.Combine(folder, "notify.sock");
        using var receiver = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        receiver.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{path[1..]}" : path));
        using var log = new RecordingLog();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(log));
        var manager = new ServiceManager(path, loggers.CreateLogger("x"));

        manager.Ready();
        manager.Stopping();

        Assert.Equal("READY=1", await ReceiveAsync(receiver));
        Assert.Equal("STOPPING=1", await ReceiveAsync(receiver));
        Assert.Empty(log.Of(6008));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("/no/such/socket", 1)]
    public void Ready_WhereNobodyListens_IsSaidOnceAndHarmsNobody(string? path, int lines)
    {
        using var log = new RecordingLog();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(log));

        new ServiceManager(path, loggers.CreateLogger("x")).Ready();

        Assert.Equal(lines, log.Of(6008).Length);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
    }
}
