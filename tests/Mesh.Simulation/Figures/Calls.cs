namespace Mesh.Simulation.Figures;

/// <summary>What became of calls: each one's time, exactly, and a digest of all of them in their order.</summary>
/// <param name="from">Calls that began before this time are not counted.</param>
internal sealed class Calls(TimeSpan from)
{
    private readonly List<int> _elapsed = [];
    private bool _isSorted;

    /// <summary>Calls that were answered well.</summary>
    public int Succeeded => _elapsed.Count;

    /// <summary>Calls that were not.</summary>
    public int Failed { get; private set; }

    /// <summary>Calls that began, whenever that was.</summary>
    public long Begun { get; set; }

    /// <summary>Takes the moments at which calls were answered well.</summary>
    public Timeline? OnSuccess { get; init; }

    /// <summary>Takes the moments at which the others ended.</summary>
    public Timeline? OnFailure { get; set; }

    /// <summary>The same for the same calls in the same order.</summary>
    public Digest Digest { get; } = new();

    public void Add(long started, long ended, bool succeeded)
    {
        Digest.Add(started);
        Digest.Add(succeeded ? ended : -ended);
        if (succeeded)
        {
            OnSuccess?.Add(ended);
        }
        else
        {
            OnFailure?.Add(ended);
        }

        if (started < from.Ticks)
        {
            return;
        }

        if (succeeded)
        {
            _isSorted = false;
            _elapsed.Add((int)Math.Min(int.MaxValue, ended - started));
        }
        else
        {
            Failed++;
        }
    }

    /// <summary>The time within which a part of the calls was answered, in milliseconds.</summary>
    public double Quantile(double part)
    {
        if (!_isSorted)
        {
            _elapsed.Sort();
            _isSorted = true;
        }

        return _elapsed.Count == 0 ? double.NaN : _elapsed[(int)Math.Min(_elapsed.Count - 1, part * _elapsed.Count)] / (double)TimeSpan.TicksPerMillisecond;
    }

    /// <summary>The mean time, in milliseconds.</summary>
    public double Mean => _elapsed.Count == 0 ? double.NaN : _elapsed.Average() / TimeSpan.TicksPerMillisecond;
}
