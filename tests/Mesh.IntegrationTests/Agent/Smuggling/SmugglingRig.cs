using System.Globalization;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Agent.Servers;

namespace Mesh.IntegrationTests.Agent.Smuggling;

/// <summary>An agent before an nginx, which is the service <c>orders</c> outbound and the program of <c>inventory</c> inbound. Started by the first test that needs it.</summary>
public sealed class SmugglingRig : IAsyncDisposable
{
    private readonly Lazy<Task> _start;
    private NginxServer? _nginx;
    private AgentProcess? _agent;
    private int _cases;

    public SmugglingRig() => _start = new Lazy<Task>(StartAsync);

    /// <summary>Gives a path of its own.</summary>
    internal string NextPath() => string.Create(CultureInfo.InvariantCulture, $"/c{Interlocked.Increment(ref _cases)}");

    /// <summary>The service behind a listener.</summary>
    internal static string Service(string listener) => listener == "outbound" ? "orders" : "inventory";

    /// <summary>The port of a listener.</summary>
    internal async Task<int> PortAsync(string listener)
    {
        await _start.Value;
        return listener == "outbound" ? _agent!.Outbound : _agent!.Inbound;
    }

    /// <summary>Waits until nginx has seen all that was sent before, and gives what belongs to a case: every request that cannot be read, and those under its path.</summary>
    internal async Task<SeenRequest[]> SeenAsync(string listener, string path)
    {
        string marker = NextPath();
        using (RawSocket last = await RawSocket.OpenAsync(await PortAsync(listener)))
        {
            await last.SendAsync($"GET {marker} HTTP/1.1\r\nHost: {Service(listener)}\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 ", await last.ReadToEndAsync(), StringComparison.Ordinal);
        }

        SeenRequest[] seen = [];
        await Until.HoldsAsync(() => (seen = _nginx!.Seen()).Any(s => s.Path == marker));
        string[] others = [.. Enumerable.Range(1, Volatile.Read(ref _cases)).Select(static i => string.Create(CultureInfo.InvariantCulture, $"/c{i}")).Where(c => c != path)];
        return [.. seen.Where(s => !others.Any(o => s.Path == o || s.Path.StartsWith($"{o}/", StringComparison.Ordinal)))];
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        _nginx = await NginxServer.StartAsync();
        string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_nginx.Port}");
        _agent = await AgentProcess.StartAsync(
            ("Mesh:Services:orders:Endpoints:0:Address", address),
            ("Mesh:Services:orders:CircuitBreaker:ConsecutiveFailures", "10000"),
            ("Mesh:Services:orders:CircuitBreaker:MinimumThroughput", "10000"),
            ("Mesh:Services:orders:Retry:MaxAttempts", "1"),
            ("Agent:Inbound:0:Service", "inventory"),
            ("Agent:Inbound:0:Listen", "http://127.0.0.1:0"),
            ("Agent:Inbound:0:Forward", address));
    }
}
