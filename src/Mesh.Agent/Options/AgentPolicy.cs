using Mesh.Client.Model;

namespace Mesh.Agent.Options;

/// <summary>What <see cref="AgentOptions"/> compile to.</summary>
internal sealed record AgentPolicy
{
    public ValueList<ListenAddress> Outbound { get; init; }

    /// <summary><see langword="null"/> where there is none.</summary>
    public ListenAddress? Admin { get; init; }

    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Whether others than programs of this machine are answered there.</summary>
    public bool RemoteAdmin { get; init; }

    /// <summary>How long the agent works on after it took out the programs that registered themselves.</summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(5);

    public ValueList<HostPattern> PassThrough { get; init; }

    public ValueList<InboundPolicy> Inbound { get; init; }

    /// <summary>Whether the listeners are the same, which cannot change while the agent runs.</summary>
    public bool ListensLike(AgentPolicy other) =>
        Outbound == other.Outbound
        && Admin == other.Admin
        && MaxConnections == other.MaxConnections
        && RemoteAdmin == other.RemoteAdmin
        && Inbound.Items.Length == other.Inbound.Items.Length
        && Inbound.Items.Zip(other.Inbound.Items).All(static pair => pair.First.ListensLike(pair.Second));
}
