using System.Text.RegularExpressions;

namespace Mesh.House.Tests.Banned;

/// <summary>Which clock, randomness and blocking calls are banned from src, and who may use one nevertheless.</summary>
internal static partial class BannedTable
{
    /// <summary>
    /// Banned by the house and not by the analyzer: the one clock that is there when nobody gave another must be named somewhere, and only there.
    /// </summary>
    public const string SystemClock = "P:System.TimeProvider.System";

    /// <summary>What has to be on the list of the analyzer, whatever else is.</summary>
    public static IReadOnlyList<string> Essential { get; } =
    [
        "P:System.DateTime.UtcNow",
        "P:System.DateTime.Now",
        "P:System.DateTimeOffset.UtcNow",
        "P:System.DateTimeOffset.Now",
        "P:System.Environment.TickCount64",
        "M:System.Diagnostics.Stopwatch.GetTimestamp",
        "M:System.Diagnostics.Stopwatch.StartNew",
        "M:System.Threading.Tasks.Task.Delay(System.TimeSpan)",
        "M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.Threading.CancellationToken)",
        "M:System.Threading.CancellationTokenSource.#ctor(System.TimeSpan)",
        "M:System.Threading.PeriodicTimer.#ctor(System.TimeSpan)",
        "T:System.Threading.Timer",
        "P:System.Random.Shared",
        "M:System.Random.#ctor",
        "M:System.Guid.NewGuid",
        "M:System.Threading.Thread.Sleep(System.Int32)",
        "M:System.Threading.Thread.Sleep(System.TimeSpan)",
        "M:System.Threading.Tasks.Task.Wait",
        "P:System.Threading.Tasks.Task`1.Result",
        "M:System.Runtime.CompilerServices.TaskAwaiter.GetResult",
        "M:System.Runtime.CompilerServices.TaskAwaiter`1.GetResult",
        "M:System.Threading.SemaphoreSlim.Wait",
        "M:System.Threading.WaitHandle.WaitOne",
    ];

    /// <summary>Who may use a banned symbol.</summary>
    public static IReadOnlyList<BannedAllowance> Allowances { get; } =
    [
        new("src/Mesh.Client/MeshFactory.cs", SystemClock, "where the system's clock enters, if the user gave none"),
        new("src/Mesh.Client/MeshFactory.cs", "P:System.Random.Shared", "where the system's randomness enters, if the user gave none"),
        new("src/Mesh.Client/Limits/MeshRateLimiter.cs", SystemClock, "a limiter is made without a mesh, and its maker may have given no clock"),
        new("src/Mesh.Client/Limits/MeshConcurrencyLimiter.cs", SystemClock, "a limiter is made without a mesh, and its maker may have given no clock"),
        new("src/Mesh.Client/Http/MeshHandler.cs", "M:System.Runtime.CompilerServices.TaskAwaiter`1.GetResult", "HttpClient.Send blocks by contract"),
        new("src/Mesh.Client/Grpc/GrpcSink.cs", "M:System.Runtime.CompilerServices.TaskAwaiter.GetResult", "a synchronous write blocks by contract"),
        new("src/Mesh.Client/Pipeline/Bodies/TrackedContent.cs", "P:System.Threading.Tasks.Task`1.Result", "taken from a task that has completed"),
        new("src/Mesh.Client/Limits/MeshRateLimiter.cs", SystemClock, "where the system's clock enters a limiter that stands alone, if the user gave none"),
        new("src/Mesh.Client/Limits/MeshConcurrencyLimiter.cs", SystemClock, "where the system's clock enters a limiter that stands alone, if the user gave none"),
        new("src/Mesh.Agent/Options/AgentFileProvider.cs", SystemClock, "the file is read before there are services, and looked at by that clock"),
        new("src/Mesh.Agent/Program.cs", "M:System.Runtime.CompilerServices.TaskAwaiter`1.GetResult", "the compiler's own entry point of a program that awaits"),
        new("src/Mesh.Client.Testing/ScriptedTransport.cs", SystemClock, "the clock of a test that gave none"),
        new("src/Mesh.Client.Testing/QuietPool.cs", SystemClock, "waits for threads, which no manual clock moves"),
    ];

    /// <summary>The documentation ids of src/BannedSymbols.txt.</summary>
    public static IReadOnlyList<string> Listed { get; } =
    [
        .. File.ReadLines(Repository.FullPath("src/BannedSymbols.txt")).Select(static l => l.Split(';')[0].Trim()).Where(static l => l.Length > 0 && !l.StartsWith('#')),
    ];

    /// <summary>The lines of a file that switch the analyzer off.</summary>
    public static IEnumerable<int> Suppressions(string text) =>
        text.Split('\n').Index().Where(static l => Suppression().IsMatch(l.Item)).Select(static l => l.Index + 1);

    [GeneratedRegex(@"#pragma\s+warning\s+disable\b(?!.*\w)|#pragma\s+warning\s+disable\b.*\bRS0030\b|SuppressMessage\(.*\bRS0030\b")]
    private static partial Regex Suppression();
}
