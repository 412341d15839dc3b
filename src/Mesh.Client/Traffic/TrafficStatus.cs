namespace Mesh.Client.Traffic;

/// <summary>What went through a place in the last five to ten seconds.</summary>
public sealed record TrafficStatus
{
    /// <summary>The attempts that ended in a second, those that the caller gave up not included.</summary>
    public double CallsPerSecond { get; init; }

    /// <summary>The part of them that failed or was told to come later, from 0 to 1.</summary>
    public double ErrorShare { get; init; }

    /// <summary>The time to the headers within which half of them ended, right to one eighth; <see langword="null"/> where there was none.</summary>
    public TimeSpan? Median { get; init; }

    /// <summary>The time within which ninety-nine of a hundred ended, right to one eighth; <see langword="null"/> where there was none.</summary>
    public TimeSpan? Percentile99 { get; init; }
}
