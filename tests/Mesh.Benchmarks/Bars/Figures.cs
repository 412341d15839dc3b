namespace Mesh.Benchmarks.Bars;

/// <summary>The figures of one run by key, in the order in which they are published.</summary>
internal sealed class Figures
{
    private readonly OrderedDictionary<string, double> _values = [];
    private readonly OrderedDictionary<string, double> _details = [];

    /// <summary>What the bars are judged by.</summary>
    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>What helps to understand them.</summary>
    public IReadOnlyDictionary<string, double> Details => _details;

    public double this[string key] => _values[key];

    public void Set(string key, double value)
    {
        if (!double.IsFinite(value))
        {
            throw new InvalidOperationException($"The figure \"{key}\" came out as {value}: nothing was measured.");
        }

        _values[key] = value;
    }

    public void Detail(string name, double value) => _details[name] = value;
}
