namespace Mesh.Client.Model;

/// <summary>What a part of the calls suffers before anything is sent.</summary>
internal sealed record FaultPolicy
{
    public TimeSpan Delay { get; init; }

    public double DelayPercent { get; init; }

    public int AbortStatus { get; init; } = 503;

    /// <summary><see langword="null"/> for the one that <see cref="AbortStatus"/> maps to.</summary>
    public int? AbortGrpcStatus { get; init; }

    public double AbortPercent { get; init; }

    public bool FromHeaders { get; init; }

    /// <summary>0 is no limit.</summary>
    public int MaxActive { get; init; }
}
