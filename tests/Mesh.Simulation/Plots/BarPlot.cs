using System.Globalization;
using Mesh.Simulation.Figures;

namespace Mesh.Simulation.Plots;

/// <summary>Figures beside each other, on an axis where each power of ten is as long.</summary>
/// <param name="title">Above it.</param>
/// <param name="parts">What the bars of each group are.</param>
/// <param name="unit">What their length is.</param>
internal sealed class BarPlot(string title, string[] parts, string unit) : IPlot
{
    private const int Width = 860;
    private const int Left = 170;
    private const int Right = 780;
    private const int Top = 56;
    private const int Thickness = 13;

    private readonly List<(string Name, double[] Values)> _groups = [];

    public void Add(string name, params double[] values) => _groups.Add((name, values));

    public string ToSvg()
    {
        int group = (parts.Length * Thickness) + 10;
        int bottom = Top + (_groups.Count * group);
        double[] all = [.. _groups.SelectMany(static g => g.Values).Where(static v => v > 0)];
        var x = new Scale(Math.Pow(10, Math.Floor(Math.Log10(all.Min()))), Math.Max(all.Max() * 1.1, all.Min() * 2), Left, Right, isLogarithmic: true);
        var svg = new Svg(Width, bottom + 44);
        svg.Words(20, 22, title, "start", 15);
        for (int i = 0; i < parts.Length; i++)
        {
            svg.Box(Left + (i * 110), 34, 10, 10, Svg.Colour(i));
            svg.Words(Left + 16 + (i * 110), 43, parts[i]);
        }

        foreach (double tick in x.Ticks())
        {
            svg.Line(x.At(tick), Top, x.At(tick), bottom);
            svg.Words(x.At(tick), bottom + 16, tick.ToString("0.####", CultureInfo.InvariantCulture), "middle", 11);
        }

        svg.Words((Left + Right) / 2.0, bottom + 36, unit, "middle");
        for (int g = 0; g < _groups.Count; g++)
        {
            double y = Top + 4 + (g * group);
            svg.Words(Left - 8, y + (parts.Length * Thickness / 2.0) + 4, _groups[g].Name, "end");
            for (int i = 0; i < parts.Length; i++)
            {
                double length = x.At(_groups[g].Values[i]) - Left;
                svg.Box(Left, y + (i * Thickness), length, Thickness - 2, Svg.Colour(i));
                svg.Words(Left + length + 4, y + (i * Thickness) + 10, Table.Number(_groups[g].Values[i]), "start", 10);
            }
        }

        return svg.ToString();
    }
}
