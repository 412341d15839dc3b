using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Mesh.Client.Discovery.Cache;
using Mesh.IntegrationTests.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.IntegrationTests.Cache;

/// <summary>A process that writes the cache is killed with SIGKILL, again and again: the old file or the new one is left, never a torn one.</summary>
[Collection(typeof(OnTheWire))]
public sealed class KilledWriterTests
{
    private const string Service = "orders";
    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    private readonly CacheStore _store = new(new SystemCacheDisk(), TimeProvider.System, Random.Shared, NullLogger.Instance);

    [Fact]
    public async Task Kill_DuringAThousandWrites_LeavesTheOldFileOrTheNew()
    {
        int kills = s_long ? 300 : 20;
        using var folder = new TempFolder();
        string place = Path.Combine(folder.Path, "cache");
        var random = new Random(7);
        long last = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            long reported = await WriteAndKillAsync(place, last + 1, random.Next(40, 70), random.Next(2000));

            CachedAnswer? answer = _store.Read(place, Service);

            Assert.NotNull(answer);
            long found = long.Parse(answer.Set.Revision!, CultureInfo.InvariantCulture);
            Assert.InRange(found, reported, reported + 1);
            Assert.Equal(100, answer.Set.Endpoints.Length);
            Assert.All(answer.Set.Endpoints, e => Assert.Equal(answer.Set.Revision, e.Id));
            last = found;
        }

        Assert.InRange(last, s_long ? 10_000 : 1_000, long.MaxValue);

        // What the dead left behind goes once it is old.
        string[] halves = Directory.GetFiles(place, "*.tmp");
        TestContext.Current.SendDiagnosticMessage($"{kills} kills in {last} writes, {halves.Length} of them between the beginning of a file and its rename");
        foreach (string half in halves)
        {
            File.SetLastWriteTimeUtc(half, TimeProvider.System.GetUtcNow().UtcDateTime - CacheStore.Stale);
        }

        Assert.True(_store.Write(place, Service, _store.Read(place, Service)!));
        Assert.Single(Directory.GetFiles(place));
    }

    /// <summary>Starts a writer, and kills it at a random moment after so many writes.</summary>
    /// <returns>The last number that it reported.</returns>
    private static async Task<long> WriteAndKillAsync(string folder, long first, int writes, int spins)
    {
        string dll = typeof(KilledWriterTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "CacheWriter").Value!;
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", dll, folder, Service, first.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        try
        {
            string? line = null;
            for (int i = 0; i < writes; i++)
            {
                line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
                Assert.NotNull(line);
            }

            Thread.SpinWait(spins);
            process.Kill();
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } more)
            {
                line = more;
            }

            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(1, process.ExitCode);
            return long.Parse(line!, CultureInfo.InvariantCulture);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
