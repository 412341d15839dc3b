using System.Globalization;
using System.Security;
using System.Text;

namespace Mesh.Simulation.Plots;

/// <summary>Lines, boxes and words of a picture.</summary>
internal sealed class Svg
{
    private static readonly string[] s_colours = ["#1b6ca8", "#d1495b", "#2e8b57", "#b8860b", "#6a4c93", "#555555", "#00838f", "#c2185b", "#7f6b5d", "#3949ab"];

    private readonly StringBuilder _text = new();

    public Svg(int width, int height)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        _text.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
    }

    /// <summary>One of the colours that go together.</summary>
    public static string Colour(int number) => s_colours[number % s_colours.Length];

    public void Line(double x1, double y1, double x2, double y2, string colour = "#dddddd") =>
        _text.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{colour}\"/>\n");

    public void Path(IEnumerable<(double X, double Y)> points, string colour) =>
        _text.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" points=\"{string.Join(' ', points.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")))}\"/>\n");

    public void Box(double x, double y, double width, double height, string colour, double opacity = 1) =>
        _text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" fill=\"{colour}\" fill-opacity=\"{opacity:0.##}\"/>\n");

    /// <param name="x">Where.</param>
    /// <param name="y">The base line.</param>
    /// <param name="words">What.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    /// <param name="size">In pixels.</param>
    public void Words(double x, double y, string words, string anchor = "start", int size = 12) =>
        _text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"#222222\">{SecurityElement.Escape(words)}</text>\n");

    public override string ToString() => _text + "</svg>\n";
}
