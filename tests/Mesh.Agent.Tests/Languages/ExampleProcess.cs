using System.Diagnostics;

namespace Mesh.Agent.Tests.Languages;

/// <summary>Runs an example of the page.</summary>
internal static class ExampleProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly string? s_tools = Environment.GetEnvironmentVariable("MESH_TOOLS");

    // What a machine may lack, in the words of those who look for it.
    private static readonly string[] s_missing = ["No module named", "Cannot find module", "command not found"];

    /// <summary>Runs it to its end. It is skipped where this machine has not what it needs.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string language, string text, bool grpc)
    {
        string folder = Directory.CreateTempSubdirectory("mesh-example-").FullName;
        try
        {
            (string program, string file) = language switch
            {
                "sh" => ("bash", "example.sh"),
                "js" => (Tool("grpc-node", "node"), "example.js"),
                "python" => (grpc ? Tool("grpc-python", "python") : "python3", "example.py"),
                "java" => ("java", "Today.java"),
                _ => throw new InvalidOperationException($"Nothing here runs {language}."),
            };
            await File.WriteAllTextAsync(Path.Combine(folder, file), text, TestContext.Current.CancellationToken);
            return await RunAsync(program, file, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(string program, string file, string folder)
    {
        var start = new ProcessStartInfo(program, [file]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string variable in start.Environment.Keys.Where(static k => k.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        // An example in the shell finds node where the others do.
        start.Environment["PATH"] = $"{s_tools}/grpc-node:{Environment.GetEnvironmentVariable("PATH")}";
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"This machine has no {program}.");
        }

        using Process process = started!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            string errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (Array.Find(s_missing, m => errors.Contains(m, StringComparison.Ordinal)) is not null)
            {
                Assert.Skip($"This machine lacks what the example needs: {errors.Trim().Split('\n')[^1]}");
            }

            Assert.True(process.ExitCode == 0, errors);
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Tool(string folder, string program)
    {
        string path = Path.Combine(s_tools ?? "", folder, program);
        if (!File.Exists(path))
        {
            string missing = $"There is no {folder} under $MESH_TOOLS. Remedy: bash tests/run.sh installs it on Debian.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Skip(missing);
        }

        return path;
    }
}
