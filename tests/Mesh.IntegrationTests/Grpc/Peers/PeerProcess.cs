using System.Diagnostics;
using System.Text;

namespace Mesh.IntegrationTests.Grpc.Peers;

/// <summary>A program of <c>tests/peers</c> in a process of its own, which ends with its stdin, so with this process whatever becomes of it.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private int _disposed;

    private PeerProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to stderr.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Skips the test where this machine has no gRPC of a kind, or fails it if <c>CI</c> is true.</summary>
    public static void SkipWithout(PeerKind kind)
    {
        (string folder, string runtime) = kind is PeerKind.Node ? ("grpc-node", "node") : ("grpc-python", "python");
        string runner = Runner(folder, runtime);
        if (!File.Exists(runner))
        {
            string missing = $"There is no gRPC for {kind} under $MESH_TOOLS. Remedy: bash tests/run.sh installs it on Debian; elsewhere make {runner} run {runtime} with its gRPC packages.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Skip(missing);
        }
    }

    /// <summary>Starts a program. Where there is none of its kind on this machine the test is skipped, or fails if <c>CI</c> is true.</summary>
    /// <param name="kind">Whose gRPC.</param>
    /// <param name="program">Its file without an ending, such as <c>server</c>.</param>
    /// <param name="options">Its options.</param>
    /// <returns>The process, and the first line that it wrote.</returns>
    public static async Task<(PeerProcess Process, string FirstLine)> StartAsync(PeerKind kind, string program, PeerOptions options)
    {
        string root = Root();
        SkipWithout(kind);
        (string folder, string runtime, string ending) = kind is PeerKind.Node ? ("grpc-node", "node", "js") : ("grpc-python", "python", "py");
        string runner = Runner(folder, runtime);
        var peer = new PeerProcess(new ProcessStartInfo(runner, [Path.Combine(root, "tests", "peers", folder, $"{program}.{ending}"), options.ToJson()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        try
        {
            string? line = await peer.ReadLineAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);
            Assert.True(line is not null, $"{kind} {program} ended before its first line: {peer.Errors}");
            return (peer, line);
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Closes its stdin, at which it ends.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            if (!_process.HasExited)
            {
                Kill();
            }

            _process.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static string Runner(string folder, string runtime) => Path.Combine(Environment.GetEnvironmentVariable("MESH_TOOLS") ?? Path.Combine(Root(), ".tools"), folder, runtime);

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mesh.Client.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
