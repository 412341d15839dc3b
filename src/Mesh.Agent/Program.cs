using Mesh.Agent.Commands;

namespace Mesh.Agent;

/// <summary>The program.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => AgentCommand.RunAsync(args, Console.Out, Console.Error);
}
