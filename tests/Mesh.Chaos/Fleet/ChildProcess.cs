using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Mesh.Chaos.Fleet;

/// <summary>A process of the run's own.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 200;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];

    /// <summary>Starts it.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="onLine">Takes each line of its output; without it the first ones are kept.</param>
    public ChildProcess(string program, IEnumerable<string> arguments, string folder, Action<string>? onLine = null)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += (_, line) => (onLine ?? Keep)(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => Keep(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote, as far as it was kept.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts a program of this solution.</summary>
    /// <param name="name">The name of the assembly's metadata that says where it is.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess Dotnet(string name, IEnumerable<string> arguments)
    {
        string dll = typeof(ChildProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;
        return new ChildProcess("dotnet", ["exec", dll, .. arguments], Path.GetDirectoryName(dll)!);
    }

    public void Freeze() => Send(19);

    public void Thaw() => Send(18);

    /// <summary>SIGTERM, as an orchestrator sends it, and waits for the end.</summary>
    public async Task TerminateAsync(TimeSpan patience)
    {
        Send(15);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>Ends its input, and waits until it has ended by itself.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(patience);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Send(int signal)
    {
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, signal);
        }
    }

    private void Keep(string line)
    {
        if (line.Length > 0 && _output.Count < KeptLines)
        {
            _output.Enqueue(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
