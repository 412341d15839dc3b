using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Mesh.IntegrationTests.Agent.Servers;

/// <summary>A running agent, in a process of its own.</summary>
internal sealed partial class AgentProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts one, with an outbound and an admin listener on free ports and no cache on disk unless the keys say something else.</summary>
    /// <param name="keys">The configuration, as keys of the environment.</param>
    public AgentProcess(params (string Key, string Value)[] keys)
    {
        string dll = typeof(AgentProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Agent").Value!;
        var start = new ProcessStartInfo("dotnet", ["exec", dll, "run"]) { WorkingDirectory = Path.GetDirectoryName(dll)!, RedirectStandardOutput = true, RedirectStandardError = true };
        (string Key, string Value)[] standard = [("Agent:Outbound:0", "http://127.0.0.1:0"), ("Agent:Admin", "http://127.0.0.1:0"), ("Mesh:Discovery:CacheDirectory", "")];
        foreach ((string key, string value) in standard.Concat(keys))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where programs call it.</summary>
    public int Outbound { get; private set; }

    public int Admin { get; private set; }

    /// <summary>Where others call the program behind it.</summary>
    public int Inbound { get; private set; }

    /// <summary>What it wrote, as far as it was kept.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The memory that it holds, in bytes.</summary>
    public long Resident
    {
        get
        {
            string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/status")).First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The time of the processor that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts one and waits until it is ready.</summary>
    public static async Task<AgentProcess> StartAsync(params (string Key, string Value)[] keys)
    {
        var agent = new AgentProcess(keys);
        try
        {
            await agent.ReadyAsync();
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it says where it listens.</summary>
    public async Task ReadyAsync()
    {
        int[] ports = [.. Port().Matches(await _ready.Task.WaitAsync(TimeSpan.FromSeconds(60))).Select(Number)];
        Outbound = ports[0];
        Admin = ports.Length > 1 ? ports[^1] : 0;
        Inbound = _output.Where(static l => l.Contains(" leads to ", StringComparison.Ordinal)).Select(static l => Number(Port().Match(l))).FirstOrDefault();
    }

    /// <summary>SIGTERM, and waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        Assert.Equal(0, Signal(_process.Id, 15));
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static int Number(Match port) => int.Parse(port.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    private void Keep(string? line)
    {
        if (line is null)
        {
            _ready.TrySetException(new InvalidOperationException($"The agent ended: {Output}"));
            return;
        }

        if (_output.Count < 1000)
        {
            _output.Enqueue(line);
        }

        if (line.Contains("is ready: outbound", StringComparison.Ordinal))
        {
            _ready.TrySetResult(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);

    [GeneratedRegex(@"127\.0\.0\.1:(\d+)")]
    private static partial Regex Port();
}
