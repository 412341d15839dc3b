namespace Mesh.Client.Tests.Limits.Quotas;

/// <summary>What a simulated fleet goes through. Times are in true milliseconds.</summary>
internal sealed record SimulationPlan(int Seed, int Processes, long Permits, int WindowMs)
{
    public int Windows { get; init; } = 8;

    /// <summary>The demand of all processes together, in quotas.</summary>
    public double Load { get; init; } = 2;

    /// <summary>The slowest way to the store and back, in parts of a window.</summary>
    public double SlowestTrip { get; init; } = 0.01;

    public double Lost { get; init; }

    public double Duplicated { get; init; }

    public int Crashes { get; init; }

    /// <summary>Outages in which the store refuses, or hangs and does all at the end.</summary>
    public IReadOnlyList<(int FromMs, int ToMs, bool Hangs)> Outages { get; init; } = [];

    /// <summary>When the store loses its data.</summary>
    public IReadOnlyList<int> Losses { get; init; } = [];

    /// <summary>When the store's clock jumps, and by how many seconds.</summary>
    public IReadOnlyList<(int AtMs, int Seconds)> Jumps { get; init; } = [];
}
