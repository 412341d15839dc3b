namespace Mesh.Client.Balancing.Fallbacks;

/// <summary>How often calls went past the endpoints that they were meant for, because none of those could take them.</summary>
internal sealed class FallbackCount
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Add() => Interlocked.Increment(ref _value);
}
