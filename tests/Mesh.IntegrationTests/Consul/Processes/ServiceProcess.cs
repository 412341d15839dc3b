using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Mesh.IntegrationTests.Consul.Servers;

namespace Mesh.IntegrationTests.Consul.Processes;

/// <summary>A running Mesh.TestService: an instance in a process of its own, which registers itself.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];

    public ServiceProcess(ConsulServer consul, string service, string name, string protocols, params string[] more)
    {
        string dll = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "TestService").Value!;
        Name = name;
        _process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                "exec", dll, "--urls", "http://127.0.0.1:0", "--Protocols", protocols, "--Mesh:Consul:Address", consul.Address, "--Mesh:Local:Service", service,
                "--Mesh:Local:Instance", name, "--Mesh:Discovery:CacheDirectory", "", "--Logging:LogLevel:Default", "Warning", .. more,
            ])
        {
            // Its own folder, so that it reads nobody else's appsettings.json.
            WorkingDirectory = Path.GetDirectoryName(dll)!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote, as far as it was kept.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>SIGTERM, as an orchestrator sends it, and waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        Assert.Equal(0, Signal(_process.Id, SigTerm));
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
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

    private void Keep(string? line)
    {
        if (line is not null && _output.Count < 200)
        {
            _output.Enqueue(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
