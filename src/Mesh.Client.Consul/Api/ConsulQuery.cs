namespace Mesh.Client.Consul.Api;

/// <summary>A question to Consul's HTTP API.</summary>
/// <param name="Path">The path from <c>/v1/</c> on, escaped.</param>
internal readonly record struct ConsulQuery(string Path)
{
    /// <summary>The datacenter that is asked; empty is the agent's own.</summary>
    public string Datacenter { get; init; } = "";

    /// <summary>Whether any server may answer.</summary>
    public bool Stale { get; init; }

    /// <summary>Whether all keys beneath the path are asked for.</summary>
    public bool Recurse { get; init; }

    /// <summary>Whether 404 with an index is an answer: there is nothing yet, and its coming can be waited for.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>What a token must allow.</summary>
    public string Needs { get; init; } = "service:read and node:read";

    /// <summary>The index whose change is waited for; 0 does not wait.</summary>
    public ulong Index { get; init; }

    /// <summary>The hash whose change is waited for, on the agent's own paths, which have no index; empty does not wait.</summary>
    public string Hash { get; init; } = "";

    /// <summary>What of a list is wanted, in Consul's filter language; empty is all.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Whether checks that an instance had before, and has no more, are taken away when it is registered.</summary>
    public bool ReplaceChecks { get; init; }

    public bool IsBlocking => Index > 0 || Hash.Length > 0;

    /// <summary>How long Consul holds the answer back while nothing changes.</summary>
    public TimeSpan Wait { get; init; }
}
