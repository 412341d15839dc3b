namespace Mesh.Simulation.Figures;

/// <summary>Counts by time.</summary>
/// <param name="step">How long a count is.</param>
/// <param name="length">How long they all are together.</param>
internal sealed class Timeline(TimeSpan step, TimeSpan length)
{
    private readonly double[] _counts = new double[(int)(length / step)];

    public double this[int index] => _counts[index];

    public int Count => _counts.Length;

    public TimeSpan Step => step;

    public void Add(long ticks, double amount = 1)
    {
        int index = (int)(ticks / step.Ticks);
        if (index < _counts.Length)
        {
            _counts[index] += amount;
        }
    }

    /// <summary>Each count as a rate by the second, at the end of its time.</summary>
    public IEnumerable<(double X, double Y)> Rates() => _counts.Select((c, i) => ((i + 1) * step.TotalSeconds, c / step.TotalSeconds));

    /// <summary>The counts of a time added up.</summary>
    public double Sum(TimeSpan from, TimeSpan to) => _counts.Skip((int)(from / step)).Take((int)((to - from) / step)).Sum();
}
