using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mesh.House.Tests.Files;

/// <summary>What the house asks of one C# file.</summary>
internal static class SourceFile
{
    public const int MaxLines = 300;

    /// <summary>What breaks the rule "one type a file, named like it, nested types only when private"; nothing if the file is well.</summary>
    public static string? TypeFault(string path, string text)
    {
        var unit = (CompilationUnitSyntax)CSharp.Parse(text, path).GetRoot();
        MemberDeclarationSyntax[] types = [.. unit.DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>().Where(IsType)];
        int expected = unit.Members.OfType<GlobalStatementSyntax>().Any() || unit.AttributeLists.Count > 0 ? 0 : 1;
        if (types.Length != expected)
        {
            return $"{path}: {types.Length} types, expected {expected} ({string.Join(", ", types.Select(NameOf))}). Give each type a file of its own.";
        }

        foreach (MemberDeclarationSyntax type in types)
        {
            string name = Path.GetFileNameWithoutExtension(path).Split('.')[0];
            if (NameOf(type) != name)
            {
                return $"{path}: the type is {NameOf(type)}. Name file and type alike.";
            }

            MemberDeclarationSyntax? nested = type.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(IsType).FirstOrDefault(static t => !IsPrivate(t));
            if (nested is not null)
            {
                return $"{path}: the nested type {NameOf(nested)} is not private. Move it to a file of its own.";
            }
        }

        return null;
    }

    public static int CountLines(string text) => text.AsSpan().TrimEnd('\n').Count('\n') + 1;

    private static bool IsType(MemberDeclarationSyntax member) => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax;

    private static string NameOf(MemberDeclarationSyntax member) =>
        member is BaseTypeDeclarationSyntax type ? type.Identifier.Text : ((DelegateDeclarationSyntax)member).Identifier.Text;

    private static bool IsPrivate(MemberDeclarationSyntax member) =>
        !member.Modifiers.Any(static m => m.IsKind(SyntaxKind.PublicKeyword) || m.IsKind(SyntaxKind.InternalKeyword) || m.IsKind(SyntaxKind.ProtectedKeyword));
}
