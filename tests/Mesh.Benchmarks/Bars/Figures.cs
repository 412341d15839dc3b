using System.Globalization;

namespace Mesh.Benchmarks.Bars;

/// <summary>The figures of one run by key, in the order in which they are published.</summary>
internal sealed class Figures
{
    private readonly OrderedDictionary<string, double> _values = [];
    private readonly OrderedDictionary<string, string> _details = [];

    /// <summary>What the bars are judged by.</summary>
    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>What helps to understand them, with its unit.</summary>
    public IReadOnlyDictionary<string, string> Details => _details;

    public double this[string key] => _values[key];

    public void Set(string key, double value)
    {
        if (!double.IsFinite(value))
        {
            throw new InvalidOperationException($"The figure \"{key}\" came out as {value}: nothing was measured.");
        }

        _values[key] = value;
    }

    public void Detail(string name, double ns, double bytes) => _details[name] = string.Create(CultureInfo.InvariantCulture, $"{ns:F0} ns, {bytes:F0} B");

    public void Detail(string name, double value, string unit) => _details[name] = string.Create(CultureInfo.InvariantCulture, $"{value:F1} {unit}");
}
