namespace Mesh.Faults.Http;

/// <summary>What is wrong with the answers to some requests.</summary>
public sealed record HttpFault
{
    /// <summary>The part of the requests that it strikes, from 0 to 1.</summary>
    public double Ratio { get; init; } = 1;

    /// <summary>What a path must begin with to be struck.</summary>
    public string PathPrefix { get; init; } = "/";

    /// <summary>The status in place of the server's own answer; 0 leaves that.</summary>
    public int Status { get; init; }

    /// <summary>Whether the server gets the request all the same and does what it says, before its answer is replaced or lost.</summary>
    public bool ReachesServer { get; init; } = true;

    /// <summary>Seconds that <c>Retry-After</c> says beside <see cref="Status"/>; 0 is no such header.</summary>
    public int RetryAfter { get; init; }

    /// <summary>How long the answer is held.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How the connection is broken off in place of the whole answer.</summary>
    public Ending Ending { get; init; }

    /// <summary>How many bytes of the answer's body are sent before that; less than 0 is not even the head.</summary>
    public int After { get; init; } = -1;
}
