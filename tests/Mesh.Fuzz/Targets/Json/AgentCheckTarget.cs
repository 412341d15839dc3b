using System.Text.Json;
using Mesh.Agent.Commands;
using Mesh.Agent.Options;
using Mesh.Fuzz.Mutations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>The agent's file as <c>mesh-agent check</c> reads it: what it finds nothing wrong with, the agent starts with.</summary>
internal sealed class AgentCheckTarget : IFuzzTarget
{
    public string Name => "agent-check";

    // The flat keys of a file are made by the runtime's own provider, and each check makes a container of its own.
    public Grammar Grammar { get; } = new() { IsJson = true, Tokens = MeshTokens.All, MaxLength = 8 * 1024, BaseBytes = 64 * 1024 * 1024, BytesForEach = 4000 };

    public int Run(byte[] input)
    {
        IConfigurationRoot root;
        try
        {
            root = new ConfigurationBuilder().AddJsonStream(new MemoryStream(input)).Build();
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or JsonException)
        {
            return 1;
        }

        IReadOnlyList<string> faults = AgentCheck.Faults(root);
        if (faults.Count > 0)
        {
            FuzzFaultException.Unless(!faults.Any(static f => f.Any(char.IsControl)), "An error has control characters.");
            return AnswerKind.Of(faults[0][(faults[0].IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        }

        using var configuration = new AgentConfiguration(root, NullLogger.Instance);
        return 1000 + AnswerKind.Size(configuration.Current.Inbound.Items.Length);
    }
}
