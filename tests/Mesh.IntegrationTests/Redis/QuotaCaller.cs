using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Mesh.IntegrationTests.Redis.Servers;

namespace Mesh.IntegrationTests.Redis;

/// <summary>A process of its own that asks for permits: tests/Mesh.QuotaCaller.</summary>
internal sealed class QuotaCaller : IDisposable
{
    private readonly Process _process;
    private readonly List<(long Ms, long Admitted, long Denied, long LongestMicroseconds)> _lines = [];

    private QuotaCaller(Process process) => _process = process;

    /// <summary>What it was given so far, line by line.</summary>
    public IReadOnlyList<(long Ms, long Admitted, long Denied, long LongestMicroseconds)> Lines => _lines;

    /// <summary>Starts one and waits until it is ready to begin.</summary>
    public static async Task<QuotaCaller> StartAsync(RedisServer redis, long permits, long rate, int seconds, string fallback = "Deny")
    {
        string dll = typeof(QuotaCaller).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "QuotaCaller").Value!;
        string[] arguments = ["exec", dll, redis.Address, "quota", Text(permits), "1000", Text(rate), Text(seconds), fallback];
        var caller = new QuotaCaller(Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        Assert.Equal("ready", await caller._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        return caller;
    }

    public void Begin() => _process.StandardInput.WriteLine();

    /// <summary>Waits until it has told of that time since its beginning.</summary>
    public async Task ReachAsync(int milliseconds)
    {
        while (_lines.Count == 0 || _lines[^1].Ms < milliseconds)
        {
            if (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is not { Length: > 0 } line)
            {
                return;
            }

            long[] numbers = [.. line.Split(' ').Select(static n => long.Parse(n, CultureInfo.InvariantCulture))];
            _lines.Add((numbers[0], numbers[1], numbers[2], numbers[3]));
        }
    }

    /// <summary>How much was admitted between two moments.</summary>
    public long Admitted(int fromMs, int toMs) => At(toMs) - At(fromMs);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private long At(int ms) => _lines.LastOrDefault(l => l.Ms <= ms + 50).Admitted;
}
