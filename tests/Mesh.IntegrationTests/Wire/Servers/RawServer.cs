using System.Net;
using System.Net.Sockets;
using System.Text;
using Mesh.Client.Model;

namespace Mesh.IntegrationTests.Wire.Servers;

/// <summary>Answers whatever arrives with given bytes, for what Kestrel does not speak.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;

    public RawServer(string answer)
    {
        _answer = Encoding.ASCII.GetBytes(answer);
        _listener.Start();
        _ = ServeAsync();
    }

    public MeshEndpoint Endpoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            using Socket socket = await _listener.AcceptSocketAsync();
            byte[] buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer) > 0)
            {
                await socket.SendAsync(_answer);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
