using System.Diagnostics;
using System.Reflection;
using Mesh.IntegrationTests.Consul.Servers;

namespace Mesh.IntegrationTests;

/// <summary>Runs the script of a sample, with what was built already.</summary>
internal static class SampleScript
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(240);

    /// <summary>Runs it to its end.</summary>
    /// <param name="script">The script, from the root of the repository.</param>
    /// <param name="argument">An argument for it.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(string script, string argument)
    {
        string configuration = typeof(SampleScript).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Configuration").Value!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        using Process process = Process.Start(new ProcessStartInfo("bash", [Path.Combine(ConsulServer.Repository, script), "--built", configuration, argument])
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
