using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Mesh.Simulation.Tests;

/// <summary>The simulation as a person starts it.</summary>
internal static class SimulationProgram
{
    private static readonly string s_file = typeof(SimulationProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Simulation").Value!;

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code, and all that it said.</returns>
    public static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", s_file, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>Runs one scenario, small unless said otherwise.</summary>
    public static async Task<JsonElement> FindAsync(string scenario, int seed, params string[] more)
    {
        string file = Path.Combine(Path.GetTempPath(), $"mesh-simulation-{Guid.NewGuid():n}.json");
        try
        {
            (int code, string output) = await RunAsync([scenario, "--size", "small", "--seed", $"{seed}", "--figures", file, .. more]);
            Assert.True(code is 0 or 1, output);
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            return document.RootElement[0].Clone();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
