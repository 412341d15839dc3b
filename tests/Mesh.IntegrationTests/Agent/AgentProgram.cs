using System.Diagnostics;
using System.Reflection;
using Mesh.IntegrationTests.Consul.Servers;

namespace Mesh.IntegrationTests.Agent;

/// <summary>How the agent is started.</summary>
internal static class AgentProgram
{
    /// <summary>Names a file that <c>publish.sh</c> made, so that it is not made again.</summary>
    private const string Variable = "MESH_AGENT_FILE";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(20);

    /// <summary>As it was built with the tests.</summary>
    public static string[] Built { get; } =
        [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", "exec", typeof(AgentProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Agent").Value!];

    /// <summary>Whether the published form is tried.</summary>
    public static bool IsPublishedWanted => Environment.GetEnvironmentVariable("MESH_LONG") == "1" || File.Exists(Environment.GetEnvironmentVariable(Variable));

    /// <summary>As it is installed: one file, trimmed.</summary>
    public static async Task<string[]> PublishAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file)
        {
            return [file];
        }

        using Process process = Process.Start(new ProcessStartInfo("bash", [Path.Combine(ConsulServer.Repository, "src/Mesh.Agent/publish.sh")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await errors);
        return [(await output).TrimEnd().Split('\n')[^1]];
    }
}
