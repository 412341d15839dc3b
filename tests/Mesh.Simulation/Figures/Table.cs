using System.Globalization;
using System.Text;

namespace Mesh.Simulation.Figures;

/// <summary>Figures as a table of Markdown, which reads well on a console too.</summary>
/// <param name="columns">The heads; the first column is text, the others are figures.</param>
internal sealed class Table(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public IReadOnlyList<string[]> Rows => _rows;

    public void Add(string head, params object[] figures) =>
        _rows.Add([head, .. figures.Select(static f => f is double number ? Number(number) : Convert.ToString(f, CultureInfo.InvariantCulture)!)]);

    /// <summary>A number with three digits or so.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        double.NaN => "–",
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    public override string ToString()
    {
        int[] widths = [.. columns.Select((c, i) => Math.Max(c.Length, _rows.Select(r => r[i].Length).DefaultIfEmpty().Max()))];
        var text = new StringBuilder();
        Row(columns);
        Row([.. widths.Select(static (w, i) => i == 0 ? new string('-', w) : new string('-', w - 1) + ":")]);
        _rows.ForEach(Row);
        return text.ToString();

        void Row(string[] cells)
        {
            text.Append('|');
            for (int i = 0; i < cells.Length; i++)
            {
                text.Append(' ').Append(i == 0 ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i])).Append(" |");
            }

            text.Append('\n');
        }
    }
}
