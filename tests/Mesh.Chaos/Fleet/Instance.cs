using System.Globalization;
using Mesh.Faults;

namespace Mesh.Chaos.Fleet;

/// <summary>An instance of the service: a process on a port of its own, which others know by the port of the fault proxy in front of it.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly string _registry;
    private readonly int _port = LocalPorts.Free();
    private readonly Lock _gate = new();
    private ChildProcess _process;
    private bool _isDark;
    private bool _isDown;

    /// <summary>Starts it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="registry">Where it registers.</param>
    /// <param name="folder">Where it writes down what it did.</param>
    /// <param name="seed">Of its proxy.</param>
    public Instance(string name, string registry, string folder, int seed)
    {
        Name = name;
        _registry = registry;
        RecordFile = Path.Combine(folder, name + ".ids");
        Proxy = FaultProxy.Start(_port, isHttp: true, seed);
        _process = Launch();
    }

    public string Name { get; }

    public FaultProxy Proxy { get; }

    /// <summary>The ids that were posted to it, a line each.</summary>
    public string RecordFile { get; }

    public ChildProcess Process => _process;

    /// <summary>Past the proxy and the mesh.</summary>
    public Uri Direct => new($"http://127.0.0.1:{_port}/healthz");

    public async Task KillAsync()
    {
        await _process.KillAsync();
        Down(true);
    }

    public async Task TerminateAsync()
    {
        await _process.TerminateAsync(TimeSpan.FromSeconds(20));
        Down(true);
    }

    /// <summary>Starts it again after its end.</summary>
    public async Task LaunchAgainAsync()
    {
        await _process.DisposeAsync();
        _process = Launch();
        Down(false);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Thaw();
        await _process.DisposeAsync();
        await Proxy.DisposeAsync();
    }

    /// <summary>Nobody reaches it, whatever else becomes of it.</summary>
    public void Darken(bool isDark)
    {
        lock (_gate)
        {
            _isDark = isDark;
            Switch();
        }

        if (isDark)
        {
            Proxy.Break();
        }
    }

    private void Down(bool isDown)
    {
        lock (_gate)
        {
            _isDown = isDown;
            Switch();
        }
    }

    // As the machine does for a port that nobody listens on; the proxy would take the connection first.
    private void Switch() => Proxy.Set(_isDark || _isDown ? LinkFault.Refuse : LinkFault.None);

    private ChildProcess Launch() => ChildProcess.Dotnet(
        "TestService",
        [
            "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"), "--Protocols", "Http1", "--RecordFile", RecordFile, "--Logging:LogLevel:Default", "Warning",
            "--Mesh:Consul:Address", _registry, "--Mesh:Local:Service", "orders", "--Mesh:Local:Instance", Name, "--Mesh:Discovery:CacheDirectory", "",
            "--Mesh:Registration:Address", Proxy.Uri.GetLeftPart(UriPartial.Authority), "--Mesh:Registration:DrainDelay", "00:00:01.5", "--Mesh:Registration:WarmUp", "00:00:02",
            "--Mesh:Registration:Check:Path", "/healthz", "--Mesh:Registration:Check:Interval", "00:00:01", "--Mesh:Registration:Check:Timeout", "00:00:02",
        ]);
}
