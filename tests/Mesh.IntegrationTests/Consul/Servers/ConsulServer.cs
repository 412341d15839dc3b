using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Mesh.IntegrationTests.Consul.Servers;

/// <summary>A real Consul on free ports of this machine, with its data in a folder of its own, that a test kills, stops and starts again.</summary>
internal sealed partial class ConsulServer : IAsyncDisposable
{
    private const int SigStop = 19;
    private const int SigContinue = 18;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-consul-").FullName;
    private readonly int[] _ports = FreePorts(4);
    private readonly string _datacenter;
    private readonly string _settings;
    private Process? _process;

    private ConsulServer(string datacenter, string settings)
    {
        _datacenter = datacenter;
        _settings = settings;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 8, ConnectTimeout = TimeSpan.FromSeconds(1) }) { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromSeconds(10) };
    }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_ports[0]}");

    public int ProcessId => _process!.Id;

    /// <summary>The port that servers of other datacenters talk to.</summary>
    public int WidePort => _ports[3];

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The folder of the solution.</summary>
    public static string Repository
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mesh.Client.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run in the repository.");
        }
    }

    private static string Program => Path.Combine(Environment.GetEnvironmentVariable("MESH_TOOLS") ?? Path.Combine(Repository, ".tools"), "consul", "consul");

    /// <summary>Where there is no Consul on this machine the test is skipped, or fails if <c>CI</c> is true.</summary>
    public static void SkipWithoutProgram()
    {
        const string Missing = "There is no Consul under $MESH_TOOLS. Remedy: bash tests/run.sh installs it on Debian; elsewhere put it at .tools/consul/consul.";
        if (!File.Exists(Program))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Missing);
            Assert.Skip(Missing);
        }
    }

    /// <summary>Starts one and waits until it has a leader, where there is one on this machine.</summary>
    /// <param name="datacenter">The datacenter that it is the server of.</param>
    /// <param name="settings">More of its configuration, in HCL.</param>
    public static async Task<ConsulServer> StartAsync(string datacenter = "dc1", string settings = "")
    {
        SkipWithoutProgram();
        var server = new ConsulServer(datacenter, settings);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the same ports and data, and waits until it has a leader.</summary>
    public async Task StartAgainAsync()
    {
        Launch();
        await ReadyAsync();
    }

    /// <summary>Starts it on the same ports and data.</summary>
    public void Launch()
    {
        string[] arguments =
        [
            "agent", "-server", "-bootstrap-expect=1", "-node=n1", $"-datacenter={_datacenter}", "-bind=127.0.0.1", "-client=127.0.0.1", "-log-level=warn", $"-data-dir={_folder}",
            $"-http-port={_ports[0]}", $"-server-port={_ports[1]}", $"-serf-lan-port={_ports[2]}", $"-serf-wan-port={_ports[3]}", "-dns-port=-1", "-grpc-port=-1",
            "-hcl=performance { raft_multiplier = 1 } disable_update_check = true leave_on_terminate = false " + _settings,
        ];
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task ReadyAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if ((await _http.GetStringAsync("/v1/status/leader")).Length > 2 && (await _http.GetStringAsync("/v1/catalog/nodes")).Length > 2)
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                Assert.False(_process!.HasExited, "Consul ended");
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < s_patience, "Consul has no leader");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Kills it and deletes all that it knows.</summary>
    public void Wipe()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Stops it with SIGSTOP: connections are still taken, by the kernel, and nothing is answered.</summary>
    public void Freeze() => Assert.Equal(0, Signal(_process!.Id, SigStop));

    public void Thaw() => Assert.Equal(0, Signal(_process!.Id, SigContinue));

    /// <summary>Registers an instance with the agent.</summary>
    /// <param name="registration">The body as the agent's API takes it.</param>
    public Task RegisterAsync(string registration) => PutAsync("/v1/agent/service/register", registration);

    public Task RegisterAsync(string service, string id, int port, string? more = null) =>
        RegisterAsync($$"""{"Name":"{{service}}","ID":"{{id}}","Address":"127.0.0.1","Port":{{port}}{{(more is null ? "" : $",{more}")}}}""");

    public Task DeregisterAsync(string id) => PutAsync($"/v1/agent/service/deregister/{id}");

    public async Task PutAsync(string path, string? body = null)
    {
        using HttpResponseMessage response = await _http.PutAsync(path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    public async Task DeleteAsync(string path)
    {
        using HttpResponseMessage response = await _http.DeleteAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
    }

    public Task<string> GetAsync(string path) => _http.GetStringAsync(path);

    /// <summary>How many connections other processes than this server's own have to its HTTP port.</summary>
    public int Connections()
    {
        string port = _ports[0].ToString("X4", CultureInfo.InvariantCulture);
        return File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6")).Count(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var remote, "01", ..] && remote.EndsWith($":{port}", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync()
    {
        try
        {
            if (_process is { HasExited: false })
            {
                Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // It was killed by the test.
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, static l => l.Start());
        int[] ports = [.. listeners.Select(static l => ((IPEndPoint)l.LocalEndpoint).Port)];
        Array.ForEach(listeners, static l => l.Dispose());
        return ports;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
