using System.Globalization;
using System.Text;
using Mesh.Simulation.Plots;

namespace Mesh.Simulation.Figures;

/// <summary>What a scenario found: tables and words in their order, bars, and plots beside them.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();
    private readonly List<Bar> _bars = [];
    private readonly Dictionary<string, IPlot> _plots = [];

    public IReadOnlyList<Bar> Bars => _bars;

    /// <summary>The plots by the names of their files.</summary>
    public IReadOnlyDictionary<string, IPlot> Plots => _plots;

    /// <summary>Over all that happened.</summary>
    public Digest Digest { get; } = new();

    public void Say(string words) => _text.Append(words).Append("\n\n");

    public void Add(Table table) => _text.Append(table).Append('\n');

    public void Add(string name, string alt, IPlot plot)
    {
        _plots.Add(name, plot);
        _text.Append(CultureInfo.InvariantCulture, $"![{alt}](simulation/{name}.svg)\n\n");
    }

    public void Bar(string name, double value, double most) => _bars.Add(new Bar(name, value, most));

    /// <summary>All of it in Markdown.</summary>
    public override string ToString()
    {
        if (_bars.Count == 0)
        {
            return _text.ToString();
        }

        var table = new Table("bar", "is", "at most", "holds");
        foreach (Bar bar in _bars)
        {
            table.Add(bar.Name, bar.Value, bar.Most, bar.Holds ? "yes" : "no");
        }

        return $"{_text}{table}\n";
    }
}
