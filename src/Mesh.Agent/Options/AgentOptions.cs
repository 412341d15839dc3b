using System.ComponentModel.DataAnnotations;
using Mesh.Client.Options;

namespace Mesh.Agent.Options;

/// <summary>What the agent listens on and for whom: the section <c>Agent</c>, beside <c>Mesh</c>. <see cref="PassThrough"/> and how programs are registered count at once when they change, all else from the next start on.</summary>
internal sealed class AgentOptions
{
    /// <summary>Where programs of this machine call services: <c>http://127.0.0.1:15001</c> or <c>unix:/run/mesh/outbound.sock</c>, any number of them. HTTP/1.1 and HTTP/2 on each.</summary>
    public IList<string> Outbound { get; set; } = ["http://127.0.0.1:15001"];

    /// <summary>The programs of this machine that are instances of services.</summary>
    public IList<InboundPolicy> Inbound { get; set; } = [];

    /// <summary>Where the agent answers about itself; empty is nowhere.</summary>
    public string Admin { get; set; } = "http://127.0.0.1:15000";

    /// <summary>Hosts outside of the mesh that programs may call through the agent: names, <c>*.example.com</c> for all names beneath one, or <c>*</c> for all. Others are refused.</summary>
    public IList<string> PassThrough { get; set; } = [];

    /// <summary>How many connections the outbound listeners, with the admin listener, and each inbound listener take; those beyond are closed at once. Each needs a file, and one more towards the service while it is served.</summary>
    /// <value>Default 20000; from 1 to 1000000.</value>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Whether <see cref="Outbound"/> may be reached from other machines. Whoever reaches it calls in the name of this one.</summary>
    /// <value>Default false.</value>
    public bool RemoteOutbound { get; set; }

    /// <summary>Whether <see cref="Admin"/> may be reached from other machines.</summary>
    /// <value>Default false.</value>
    public bool RemoteAdmin { get; set; }

    /// <summary>How long the agent works on at its stop after it took the programs that registered themselves out of the registry: they are called for a while yet, and need their own calls.</summary>
    /// <value>Default 00:00:05; from 00:00:00 to 00:10:00.</value>
    [DurationRange("00:00:00", "00:10:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);
}
