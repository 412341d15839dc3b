using System.Diagnostics;
using Mesh.IntegrationTests.Agent.Servers;

namespace Mesh.IntegrationTests.Agent.Clients;

/// <summary>Runs a program that knows nothing of the mesh.</summary>
internal static class ClientRun
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="program">Its name; where the machine does not have it, the test is skipped.</param>
    /// <param name="environment">Variables such as <c>http_proxy</c>; those of this process for proxies are taken away.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it wrote.</returns>
    public static async Task<string> OutputAsync(string program, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(ForeignProgram.Require(program, isInstalled: false), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in new[] { "http_proxy", "https_proxy", "no_proxy", "all_proxy" })
        {
            start.Environment.Remove(name);
            start.Environment.Remove(name.ToUpperInvariant());
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        return await output + await errors;
    }
}
