using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mesh.House.Tests.Arrows;

/// <summary>
/// Finds who uses whom as the compiler sees it: by a using, by a qualified name, by a type that is only inferred. Documentation may
/// refer to any folder.
/// </summary>
internal static class FolderArrows
{
    // A name that the compiler cannot find would hide an arrow.
    private static readonly string[] Unresolved = ["CS0246", "CS0234"];

    /// <param name="files">Paths relative to the project, with forward slashes, and their text.</param>
    /// <param name="assembly">The assembly that the files are the source of.</param>
    public static IReadOnlyList<FolderArrow> Find(IEnumerable<KeyValuePair<string, string>> files, string assembly)
    {
        CSharpCompilation compilation = CSharp.Compile(files.Select(static f => CSharp.Parse(f.Value, f.Key)), assembly);
        Rule.Holds(compilation.GetDiagnostics().Where(static d => Unresolved.Contains(d.Id)).Select(static d => d.ToString()));

        var arrows = new List<FolderArrow>();
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (Owner(model.GetSymbolInfo(name)) is { } owner && FolderOf(owner) is { } target && FolderOf(tree.FilePath) is { } folder && target != folder)
                {
                    arrows.Add(new(folder, target, owner.Name, tree.FilePath, name.GetLocation().GetLineSpan().StartLinePosition.Line + 1));
                }
            }
        }

        return [.. arrows.DistinctBy(static a => (a.File, a.To, a.Type))];
    }

    private static INamedTypeSymbol? Owner(SymbolInfo info)
    {
        ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        while (type?.ContainingType is { } outer)
        {
            type = outer;
        }

        return type?.OriginalDefinition;
    }

    private static string? FolderOf(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath is { } path ? FolderOf(path) : null;

    private static string FolderOf(string path) => path.IndexOf('/', StringComparison.Ordinal) is var slash && slash < 0 ? FolderTable.Root : path[..slash];
}
