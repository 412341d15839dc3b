namespace Mesh.Client.Probing;

/// <summary>The rounds of one plan, until another takes its place.</summary>
internal sealed class ProbeCycle(ProbePlan plan, IProbe probe) : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    private volatile string? _told;

    public ProbePlan Plan => plan;

    public IProbe Probe => probe;

    /// <summary>What the endpoint last said to be wrong by itself, while it can say so; else <see langword="null"/>.</summary>
    public string? Told
    {
        get => _told;
        set => _told = value;
    }

    public CancellationToken Ended => _end.Token;

    /// <summary>Ends the rounds, and the probe that is out.</summary>
    public void Cancel() => _end.Cancel();

    /// <summary>Closes the probe's connection; the rounds are over.</summary>
    public void Dispose() => probe.Dispose();
}
