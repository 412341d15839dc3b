using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;

namespace Mesh.IntegrationTests;

/// <summary>The sample with a real Consul, as it is run: by its script.</summary>
[Collection(typeof(OnTheWire))]
public sealed partial class ShopTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task Run_InShort_HoldsAllItsClaims()
    {
        ConsulServer.SkipWithoutProgram();

        (int exitCode, string text) = await RunAsync("--short");

        output.WriteLine(text);
        Assert.True(exitCode == 0, text);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.Equal(7, Held().Count(text));
        Assert.Contains("All of it held.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAWrongArgument_SaysWhatToDo()
    {
        ConsulServer.SkipWithoutProgram();

        (int exitCode, string text) = await RunAsync("--shrt");

        Assert.Equal(2, exitCode);
        Assert.Contains("run.sh [--short]", text, StringComparison.Ordinal);
    }

    [GeneratedRegex("^ ✓ ", RegexOptions.Multiline)]
    private static partial Regex Held();

    private static async Task<(int ExitCode, string Output)> RunAsync(string argument)
    {
        string script = Path.Combine(ConsulServer.Repository, "samples/Shop/run.sh");
        string configuration = typeof(ShopTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Configuration").Value!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        using Process process = Process.Start(new ProcessStartInfo("bash", [script, "--built", configuration, argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Task<string> text = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await text + await error);
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
