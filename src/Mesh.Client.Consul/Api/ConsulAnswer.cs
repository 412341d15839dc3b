namespace Mesh.Client.Consul.Api;

/// <summary>An answer of Consul with status 200, or 404 where that was asked for. Its body is there until it is disposed; what the headers said stays.</summary>
internal sealed class ConsulAnswer(BoundedBody body) : IDisposable
{
    public ReadOnlySpan<byte> Body => body.Bytes;

    /// <summary>The state of what was asked for; never 0.</summary>
    /// <remarks>Consul says 0 only by mistake, and asking with 0 again and again would never wait.</remarks>
    public ulong Index { get; init; }

    /// <summary>Whether the server that answered knows a leader, without which its data may be of any age.</summary>
    public bool KnownLeader { get; init; } = true;

    /// <summary>Whether there is nothing of what was asked for.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Whether it comes from a cache between here and the servers.</summary>
    public bool IsCached { get; init; }

    public void Dispose() => body.Dispose();
}
