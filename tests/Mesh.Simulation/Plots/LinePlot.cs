using System.Globalization;

namespace Mesh.Simulation.Plots;

/// <summary>Figures over time.</summary>
/// <param name="title">Above it.</param>
/// <param name="along">What the horizontal axis is.</param>
/// <param name="up">What the vertical axis is.</param>
internal sealed class LinePlot(string title, string along, string up) : IPlot
{
    private const int Width = 860;
    private const int Height = 380;
    private const int Left = 64;
    private const int Right = 660;
    private const int Top = 40;
    private const int Bottom = 330;

    private readonly List<(string Name, IReadOnlyList<(double X, double Y)> Points)> _lines = [];
    private (double From, double To, string Words)? _span;

    /// <summary>Whether each power of ten is as high; 0 is then drawn at the foot.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Adds a line.</summary>
    public void Add(string name, IEnumerable<(double X, double Y)> points) => _lines.Add((name, [.. points]));

    /// <summary>Shades a time.</summary>
    public void Shade(double from, double to, string words) => _span = (from, to, words);

    public string ToSvg()
    {
        var all = _lines.SelectMany(static l => l.Points).ToList();
        double most = all.Max(static p => p.Y);
        double least = IsLogarithmic ? all.Where(static p => p.Y > 0).Min(static p => p.Y) : Math.Min(0, all.Min(static p => p.Y));
        var x = new Scale(all.Min(static p => p.X), all.Max(static p => p.X), Left, Right);
        var y = new Scale(least, most <= least ? least + 1 : IsLogarithmic ? most : most * 1.05, Bottom, Top, IsLogarithmic);
        var svg = new Svg(Width, Height);
        if (_span is { } span)
        {
            svg.Box(x.At(span.From), Top, x.At(span.To) - x.At(span.From), Bottom - Top, "#f2dede", 0.6);
            svg.Words((x.At(span.From) + x.At(span.To)) / 2, Top + 14, span.Words, "middle", 11);
        }

        foreach (double tick in y.Ticks())
        {
            svg.Line(Left, y.At(tick), Right, y.At(tick));
            svg.Words(Left - 6, y.At(tick) + 4, Number(tick), "end", 11);
        }

        foreach (double tick in x.Ticks())
        {
            svg.Line(x.At(tick), Bottom, x.At(tick), Bottom + 4, "#888888");
            svg.Words(x.At(tick), Bottom + 18, Number(tick), "middle", 11);
        }

        svg.Words(Left, 22, title, "start", 15);
        svg.Words((Left + Right) / 2.0, Height - 12, along, "middle");
        svg.Words(Left - 52, Top - 6, up, "start", 11);
        for (int i = 0; i < _lines.Count; i++)
        {
            svg.Path(_lines[i].Points.Select(p => (x.At(p.X), y.At(p.Y))), Svg.Colour(i));
            svg.Box(Right + 14, Top + (i * 20), 14, 4, Svg.Colour(i));
            svg.Words(Right + 34, Top + (i * 20) + 6, _lines[i].Name);
        }

        return svg.ToString();
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
