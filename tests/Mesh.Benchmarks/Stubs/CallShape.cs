namespace Mesh.Benchmarks.Stubs;

/// <summary>What a call and its reply are like.</summary>
internal sealed record CallShape
{
    public StubReply Reply { get; init; }

    /// <summary>Whether the transport really waits.</summary>
    public bool Pending { get; init; }

    /// <summary>Whether a waiting transport registers for the cancellation of its token, as <see cref="SocketsHttpHandler"/> does.</summary>
    public bool WatchesToken { get; init; }

    /// <summary>Whether the mesh would send a second attempt after 200 ms; none of the calls takes so long.</summary>
    public bool Hedged { get; init; }

    /// <summary>Whether the body is read as a stream; otherwise the client buffers it.</summary>
    public bool AsStream { get; init; }

    /// <summary>Whether the client has its default <see cref="HttpClient.Timeout"/>; otherwise it has none.</summary>
    public bool ClientTimeout { get; init; } = true;
}
