using Mesh.Agent.Commands;

namespace Mesh.Agent.Tests.Support;

/// <summary>The program as a shell sees it, in this process.</summary>
internal static class Command
{
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int code = await AgentCommand.RunAsync(args, output, errors, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }
}
