namespace Mesh.Chaos.Plan;

/// <summary>Draws the faults of a run, one for each second, and one moment in each minute without any instance. It looks at nothing but the seed, so that a seed gives the same faults again.</summary>
internal static class FaultSchedule
{
    /// <summary>How many instances may be struck at once: with one that is still on its way back, half of eight.</summary>
    public const int MaxStruck = 3;

    private const int Processes = 2;

    // How much longer than its fault a subject is left alone: a process takes its time to start.
    private const int Rest = 3;

    private static readonly TimeSpan s_blackout = TimeSpan.FromSeconds(1);

    private static readonly (FaultKind Kind, int Weight)[] s_weights =
    [
        (FaultKind.Kill, 12), (FaultKind.Stop, 8), (FaultKind.Restart, 10), (FaultKind.Partition, 10), (FaultKind.Slow, 8), (FaultKind.Error, 8), (FaultKind.Broken, 8),
        (FaultKind.ConsulPartition, 8), (FaultKind.ConsulStop, 3), (FaultKind.Wipe, 3), (FaultKind.RedisPartition, 6), (FaultKind.RedisStop, 3), (FaultKind.RedisKill, 3), (FaultKind.BadPolicy, 6), (FaultKind.BadReload, 6),
    ];

    /// <summary>Draws them.</summary>
    /// <param name="seed">The same seed gives the same faults.</param>
    /// <param name="seconds">How long the run is; faults end before it does.</param>
    /// <param name="instances">How many instances there are.</param>
    public static IReadOnlyList<PlannedFault> Draw(int seed, int seconds, int instances)
    {
        var random = new Random(seed);
        PlannedFault[] blackouts = [.. Enumerable.Range(0, seconds / 60).Select(minute => new PlannedFault((60 * minute) + 15 + random.Next(35), FaultKind.Blackout, 0, s_blackout, 0))];
        List<PlannedFault> faults = [];
        for (int second = 1; second < seconds - 5; second++)
        {
            PlannedFault? fault = blackouts.FirstOrDefault(b => b.Second == second);
            for (int draw = 0; draw < 20 && fault is null; draw++)
            {
                FaultKind kind = Kind(random);
                int target = random.Next(kind < FaultKind.Blackout ? instances : kind is FaultKind.ConsulPartition ? Processes + 1 : Processes);
                var drawn = new PlannedFault(second, kind, target, TimeSpan.FromSeconds(1 + (3 * random.NextDouble())), random.Next(12));
                fault = Fits(drawn, faults, blackouts) ? drawn : null;
            }

            if (fault is not null)
            {
                faults.Add(fault);
            }
        }

        return faults;
    }

    private static FaultKind Kind(Random random)
    {
        int drawn = random.Next(s_weights.Sum(static w => w.Weight));
        return s_weights.First(w => (drawn -= w.Weight) < 0).Kind;
    }

    private static bool Fits(PlannedFault fault, List<PlannedFault> before, PlannedFault[] blackouts)
    {
        PlannedFault[] under = [.. before.Where(f => fault.Second < f.Second + f.Length.TotalSeconds + Rest)];
        return fault.IsOfInstance
            ? under.Count(static f => f.IsOfInstance) < MaxStruck && !under.Any(f => f.IsOfInstance && f.Target == fault.Target)
                && !blackouts.Any(b => fault.Second <= b.Second + 1 && fault.Second + fault.Length.TotalSeconds + Rest > b.Second)
            : !under.Any(f => Subject(f.Kind) == Subject(fault.Kind));
    }

    private static FaultKind Subject(FaultKind kind) => kind switch
    {
        FaultKind.ConsulStop or FaultKind.Wipe => FaultKind.ConsulPartition,
        FaultKind.RedisStop or FaultKind.RedisKill => FaultKind.RedisPartition,
        _ => kind,
    };
}
