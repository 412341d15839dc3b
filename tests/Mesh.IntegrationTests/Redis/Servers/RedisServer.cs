using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Mesh.IntegrationTests.Redis.Servers;

/// <summary>A real redis-server on a free port of this machine, without data on disk, that a test kills, stops and starts again.</summary>
internal sealed partial class RedisServer : IAsyncDisposable
{
    private const int SigStop = 19;
    private const int SigContinue = 18;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-redis-").FullName;
    private readonly string[] _more;
    private readonly int _port = FreePort();
    private Process? _process;

    private RedisServer(string[] more) => _more = more;

    /// <summary>As StackExchange.Redis writes it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    private static string? Program
    {
        get
        {
            for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Mesh.Client.sln")))
                {
                    string path = Path.Combine(Environment.GetEnvironmentVariable("MESH_TOOLS") ?? Path.Combine(folder.FullName, ".tools"), "redis", "redis-server");
                    return File.Exists(path) ? path : null;
                }
            }

            return null;
        }
    }

    /// <summary>Starts one and waits until it answers. Where there is no Redis on this machine the test is skipped, or fails if <c>CI</c> is true.</summary>
    public static async Task<RedisServer> StartAsync(params string[] more)
    {
        if (Program is null)
        {
            const string Missing = "There is no Redis under $MESH_TOOLS. Remedy: bash tests/run.sh installs it on Debian; elsewhere put it at .tools/redis/redis-server.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Missing);
            Assert.Skip(Missing);
        }

        var server = new RedisServer(more);
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

    /// <summary>Starts it on the same port, with nothing in it.</summary>
    public async Task StartAgainAsync()
    {
        string[] arguments = ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder, .. _more];
        _process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await SendAsync("PING");
                return;
            }
            catch (Exception error) when (error is SocketException or IOException)
            {
                Assert.False(_process.HasExited, "Redis ended");
                Assert.True(TimeProvider.System.GetElapsedTime(start) < s_patience, "Redis does not answer");
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Kills it with SIGKILL; all that it knew is lost.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Stops it with SIGSTOP: connections are still taken, by the kernel, and nothing is answered.</summary>
    public void Freeze() => Assert.Equal(0, Signal(_process!.Id, SigStop));

    public void Thaw() => Assert.Equal(0, Signal(_process!.Id, SigContinue));

    /// <summary>Sends one command over a connection of its own.</summary>
    /// <returns>The first line of the reply.</returns>
    public async Task<string> SendAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        using var reader = new StreamReader(client.GetStream());
        await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(command + "\r\n"));
        return await reader.ReadLineAsync() ?? throw new IOException("Redis closed the connection.");
    }

    /// <summary>How often the quota script ran.</summary>
    public async Task<long> ScriptsAsync() =>
        (await LinesAsync("INFO commandstats"))
            .Where(static line => line.StartsWith("cmdstat_eval", StringComparison.Ordinal))
            .Sum(static line => long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture));

    /// <summary>The names of all keys.</summary>
    public async Task<string[]> KeysAsync() => [.. (await LinesAsync("KEYS *")).Where(static line => line.Length > 0 && line[0] is not ('$' or '*' or '+'))];

    private async Task<List<string>> LinesAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        using var reader = new StreamReader(client.GetStream());
        await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(command + "\r\nQUIT\r\n"));
        List<string> lines = [];
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    public ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            Kill();
        }

        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
