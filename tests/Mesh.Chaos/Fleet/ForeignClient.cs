using System.Globalization;
using Mesh.Chaos.Load;

namespace Mesh.Chaos.Fleet;

/// <summary>A program in Node that calls by way of the agent.</summary>
internal sealed class ForeignClient : IAsyncDisposable
{
    public const string Name = "agent";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    /// <summary>Starts it.</summary>
    /// <param name="agentPort">Where the agent listens.</param>
    /// <param name="clock">The time of the run.</param>
    /// <param name="rate">Calls a second.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="book">Where they are written down.</param>
    public ForeignClient(int agentPort, RunClock clock, int rate, int first, CallBook book) =>
        _process = new ChildProcess(
            Program()!,
            [Path.Combine(RepositoryRoot, "tests/peers/chaos-node/client.js"), Text(agentPort), Text(clock.UnixStart), Text(rate), Text(first)],
            RepositoryRoot,
            line => Read(line, book));

    private static string RepositoryRoot => Mesh.IntegrationTests.Consul.Servers.ConsulServer.Repository;

    /// <summary>Where there is no Node the run is skipped, or fails if <c>CI</c> is true.</summary>
    public static void SkipWithoutProgram()
    {
        const string Missing = "There is no Node under $MESH_TOOLS or on the path. Remedy: install Node 18 or later, on Debian by apt-get install nodejs.";
        if (Program() is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Missing);
            Assert.Skip(Missing);
        }
    }

    /// <summary>Has it make no more calls, and waits for those under way.</summary>
    public Task EndAsync() => _process.EndAsync(s_patience);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string? Program()
    {
        string tools = Environment.GetEnvironmentVariable("MESH_TOOLS") ?? Path.Combine(RepositoryRoot, ".tools");
        string[] folders = [Path.Combine(tools, "grpc-node"), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')];
        return folders.Select(static f => Path.Combine(f, "node")).FirstOrDefault(File.Exists);
    }

    private static void Read(string line, CallBook book)
    {
        if (line.Split(' ') is [var kind, var number, var start, var end, var verdict, var reason])
        {
            book.Add(new CallResult(Name, Enum.Parse<CallKind>(kind), Number(number), Number(start), Number(end), Enum.Parse<Verdict>(verdict), reason == "-" ? "" : reason));
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
