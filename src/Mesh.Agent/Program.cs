using Mesh.Agent.Commands;
using Mesh.Agent.Forwarding;
using Mesh.Agent.Listening;

namespace Mesh.Agent;

/// <summary>The program.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        SocketThreads.Prepare();
        StreamWindow.Prepare();
        return AgentCommand.RunAsync(args, Console.Out, Console.Error);
    }
}
