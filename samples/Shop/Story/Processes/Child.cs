using System.Diagnostics;

namespace Shop.Story.Processes;

/// <summary>A process of this run, whose output goes to a file.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _logging;

    public Child(string program, string[] arguments, string workingDirectory, string logFile, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _logging = LogAsync(logFile);
    }

    /// <summary>SIGTERM, as an orchestrator sends it: the process may finish what it does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync(CancellationToken end)
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync(end);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: it ends in the middle of whatever it does.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _logging;
        _process.Dispose();
    }

    private async Task LogAsync(string file)
    {
        await using var log = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        Task output = _process.StandardOutput.BaseStream.CopyToAsync(log);
        Task errors = _process.StandardError.BaseStream.CopyToAsync(log);
        await Task.WhenAll(output, errors);
    }
}
