using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Mesh.IntegrationTests;

/// <summary>The first thing that a newcomer runs, as it is run: in a process of its own.</summary>
public sealed class QuickstartTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(100);

    [Fact]
    public async Task Run_WithJson_HoldsAllItsClaims()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("quickstart-test-").FullName, "figures.json");

        (int exitCode, string output) = await RunAsync("--json", file);

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
        Assert.Contains("All of it held.", output, StringComparison.Ordinal);
        using JsonDocument figures = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        JsonElement root = figures.RootElement;
        Assert.InRange(Number("calls"), 5_000, 20_000);
        Assert.Equal(0, Number("failed"));
        Assert.InRange(Number("retries"), 1, 200);
        Assert.InRange(Number("seconds"), 20, 40);
        Assert.InRange(Number("killed.left.seconds"), 0, 1);
        Assert.InRange(Number("slow.avoided.share_of_fair"), 0.001, 0.333);
        Assert.InRange(Number("broken.ejected.seconds"), 0, 1);
        Assert.InRange(Number("healed.came_back.share_of_fair"), 0.5, 2);
        Assert.InRange(Number("added.used.share_of_fair"), 0.5, 2);
        Assert.InRange(Number("policy.in_force.share_after"), 0, Number("policy.in_force.share_before") / 3);
        Assert.All(
            ["all_held", "no_call_failed", "killed.left", "slow.avoided", "broken.ejected", "healed.came_back", "added.used", "policy.in_force"],
            claim => Assert.True(root.GetProperty(claim).GetBoolean(), claim));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);

        double Number(string name) => root.GetProperty(name).GetDouble();
    }

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(2, "--jsn", "figures.json")]
    [InlineData(2, "--json", "no/such/folder/figures.json")]
    public async Task Run_WithNothingToRun_SaysWhatToDo(int expected, params string[] arguments)
    {
        (int exitCode, string output) = await RunAsync(arguments);

        Assert.Equal(expected, exitCode);
        Assert.Contains("--json", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        string dll = typeof(QuickstartTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Quickstart").Value!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", dll, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
