using Microsoft.CodeAnalysis;

namespace Mesh.House.Tests.Surface;

/// <summary>
/// No type of a package has the name of one that a web project knows already: whoever writes <c>using Mesh.Client.Options;</c> there would have to say each time which of the two is meant (CS0104).
/// </summary>
public sealed class ImportedNameTests
{
    // What Microsoft.NET.Sdk.Web imports by itself: its own and those of Microsoft.NET.Sdk and Microsoft.NET.Sdk.Worker.
    private static readonly string[] Imported =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Net.Http.Json", "System.Threading", "System.Threading.Tasks",
        "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    // The mesh's own assemblies stand beside these tests; the frameworks' do not.
    private static readonly ILookup<(string Name, int Arity), string> Known = Imported
        .SelectMany(static space => Namespace(CSharp.Compile([]).GlobalNamespace, space).GetTypeMembers())
        .Where(static t => t.DeclaredAccessibility is Accessibility.Public && IsOfTheFramework(t.ContainingAssembly.Name))
        .ToLookup(static t => (t.Name, t.Arity), static t => t.ToDisplayString());

    public static TheoryData<string> Projects => [.. Repository.Projects.Where(static p => !p.IsTool).Select(static p => p.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Types_OfAPackage_HaveNamesThatNoWebProjectKnows(string name)
    {
        INamespaceSymbol types = CSharp.ReadAssembly(Repository.Project(name).Assembly).GlobalNamespace;

        Rule.Holds(Types(types).SelectMany(static t => Known[(t.Name, t.Arity)].Select(k => $"{t.ToDisplayString()} is called like {k}, which web projects import by themselves. Give it another name.")));
    }

    [Theory]
    [InlineData("RouteOptions")]
    [InlineData("Endpoint")]
    [InlineData("IRouter")]
    [InlineData("HttpContext")]
    [InlineData("ILogger")]
    [InlineData("Timer")]
    [InlineData("Host")]
    public void Known_NamesOfTheFrameworks_AreThere(string name) => Assert.True(Known.Contains((name, 0)), $"{name} is not among {Known.Count} names");

    private static bool IsOfTheFramework(string assembly) => !Repository.Projects.Any(p => p.Name == assembly);

    private static INamespaceSymbol Namespace(INamespaceSymbol root, string name) =>
        name.Split('.').Aggregate(root, static (space, part) => space.GetNamespaceMembers().Single(n => n.Name == part));

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceSymbol space) =>
        space.GetNamespaceMembers().SelectMany(Types).Concat(space.GetTypeMembers().Where(static t => t.DeclaredAccessibility is Accessibility.Public));
}
