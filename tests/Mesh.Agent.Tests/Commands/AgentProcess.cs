using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Mesh.Agent.Tests.Commands;

/// <summary>The agent as a process of its own.</summary>
internal sealed class AgentProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts it.</summary>
    /// <param name="environment">More variables.</param>
    /// <param name="args">The arguments.</param>
    public AgentProcess((string Name, string Value)[] environment, params string[] args)
        : this([Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "Mesh.Agent.dll")], environment, args)
    {
    }

    /// <summary>Starts it.</summary>
    /// <param name="program">What is started, and what stands before the arguments.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="args">The arguments.</param>
    public AgentProcess(string[] program, (string Name, string Value)[] environment, params string[] args)
    {
        var start = new ProcessStartInfo(program[0], [.. program[1..], .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits for the line that says where it listens.</summary>
    public Task<string> ReadyAsync() => _ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    /// <summary>Tells it to stop and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        Signal(15);
        return await ExitAsync();
    }

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }

        if (line.Data is { } text && text.Contains("is ready: outbound", StringComparison.Ordinal))
        {
            _ready.TrySetResult(text);
        }
        else if (line.Data is null)
        {
            _ready.TrySetException(new InvalidOperationException(Output));
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
