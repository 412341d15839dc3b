using System.Globalization;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mesh.House.Tests.Docs;

/// <summary>What the code can log, by its <c>[LoggerMessage]</c>.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Level">The level, as <c>LogLevel</c> names it.</param>
/// <param name="Name">The event's name: the one that is given, else the method's.</param>
internal sealed record LogLine(int Id, string Level, string Name)
{
    /// <summary>All that src holds.</summary>
    public static IReadOnlyList<LogLine> OfTheCode { get; } =
    [
        .. Repository.Files("src", "*Log*.cs")
            .SelectMany(static path => CSharp.Parse(File.ReadAllText(path), path).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Select(static method => (Method: method, Attribute: method.AttributeLists.SelectMany(static l => l.Attributes).FirstOrDefault(static a => a.Name.ToString() == "LoggerMessage")))
            .Where(static m => m.Attribute is not null)
            .Select(static m => Read(m.Method, m.Attribute!)),
    ];

    /// <summary>The rows of a page's table: <c>| 1000 | Information | MeshConfigurationReloaded | …</c></summary>
    public static IEnumerable<LogLine> OfAPage(string text) =>
        text.Split('\n').Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => cells.Length > 4 && int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(static cells => new LogLine(int.Parse(cells[1], CultureInfo.InvariantCulture), cells[2], cells[3]));

    private static LogLine Read(MethodDeclarationSyntax method, AttributeSyntax attribute)
    {
        AttributeArgumentSyntax[] arguments = [.. attribute.ArgumentList!.Arguments];
        string? name = arguments.FirstOrDefault(static a => a.NameEquals?.Name.Identifier.Text == "EventName")?.Expression.ToString().Trim('"');
        return new LogLine(int.Parse(arguments[0].ToString(), CultureInfo.InvariantCulture), arguments[1].ToString().Split('.')[^1], name ?? method.Identifier.Text);
    }
}
