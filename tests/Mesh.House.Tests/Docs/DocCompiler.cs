using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mesh.House.Tests.Docs;

/// <summary>
/// Compiles the C# blocks of a page as its reader would use them. A block may hold types, statements, or both, or members alone. It sees the
/// usings and the types of the blocks before it on its page, the usings of a web application, and what Reader.txt declares.
/// </summary>
internal static class DocCompiler
{
    private const string ReaderFile = "tests/Mesh.House.Tests/Docs/Reader.txt";

    private static readonly SyntaxTree Reader = CSharp.Parse(File.ReadAllText(Repository.FullPath(ReaderFile)), ReaderFile);

    /// <summary>The errors, each with the page and its line.</summary>
    public static IReadOnlyList<string> Errors(IEnumerable<DocBlock> blocks)
    {
        var usings = new List<string>();
        var trees = new List<SyntaxTree> { Reader };
        foreach (DocBlock block in blocks)
        {
            trees.Add(CSharp.Parse(Wrap(block, usings), $"{block.Page}@{block.Line}"));
        }

        return
        [
            .. CSharp.Compile(trees).GetDiagnostics()
                .Where(static d => d.Severity == DiagnosticSeverity.Error)
                .Select(static d => (d, Span: d.Location.GetMappedLineSpan()))
                .OrderBy(static e => e.Span.StartLinePosition.Line)
                .Select(static e => $"{e.Span.Path}({e.Span.StartLinePosition.Line + 1}): {e.d.Id}: {e.d.GetMessage(null)}"),
        ];
    }

    private static string Wrap(DocBlock block, List<string> usings)
    {
        var unit = (CompilationUnitSyntax)CSharp.Parse(block.Text, block.Page).GetRoot();
        GlobalStatementSyntax[] statements = [.. unit.Members.OfType<GlobalStatementSyntax>()];
        var file = new StringBuilder();
        foreach (string line in usings)
        {
            file.AppendLine(line);
        }

        foreach (UsingDirectiveSyntax directive in unit.Usings)
        {
            Append(file, block, directive);
            if (!usings.Contains(directive.ToString()))
            {
                usings.Add(directive.ToString());
            }
        }

        if (statements.Length > 0)
        {
            bool members = statements.All(static s => s.Statement is LocalFunctionStatementSyntax f && (f.Modifiers.Any(IsAccess) || f.AttributeLists.Count > 0));
            file.AppendLine(null, $"internal sealed class Block{block.Line} : Reader {{").AppendLine(members ? string.Empty : "private async Task RunAsync(string[] args) {");
            foreach (GlobalStatementSyntax statement in statements)
            {
                Append(file, block, statement);
            }

            file.AppendLine(members ? "}" : "await Task.CompletedTask; } }");
        }

        foreach (MemberDeclarationSyntax member in unit.Members.Where(static m => m is not GlobalStatementSyntax))
        {
            Append(file, block, member);
        }

        return file.ToString();
    }

    // The compiler then reports the line of the page.
    private static void Append(StringBuilder file, DocBlock block, SyntaxNode node)
    {
        int line = block.Line + node.SyntaxTree.GetText().Lines.GetLinePosition(node.FullSpan.Start).Line;
        file.AppendLine().AppendLine(null, $"#line {line} \"{block.Page}\"").AppendLine(node.ToFullString()).AppendLine("#line default");
    }

    private static bool IsAccess(SyntaxToken token) => token.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.PrivateKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword;
}
