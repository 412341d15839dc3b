using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mesh.House.Tests;

/// <summary>Reads and compiles C# in this process, with the SDK's own compiler and no restore.</summary>
internal static class CSharp
{
    private const string SdkUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Parse);

    private static readonly IReadOnlyList<PortableExecutableReference> Platform =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Parses one file.</summary>
    public static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, ParseOptions, path);

    /// <summary>A compilation against all that these tests run on, under the usings that the SDK adds by itself.</summary>
    /// <param name="trees">The files.</param>
    /// <param name="without">The assembly that the files are the source of, which would otherwise be there twice.</param>
    public static CSharpCompilation Compile(IEnumerable<SyntaxTree> trees, string? without = null) => CSharpCompilation.Create(
        "Compiled",
        trees.Append(Parse(SdkUsings, "SdkUsings.cs")),
        Platform.Where(reference => Path.GetFileNameWithoutExtension(reference.FilePath) != without),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>A built assembly, read without being loaded.</summary>
    public static IAssemblySymbol ReadAssembly(string path)
    {
        PortableExecutableReference reference = MetadataReference.CreateFromFile(path);
        CSharpCompilation compilation = Compile([], Path.GetFileNameWithoutExtension(path)).AddReferences(reference);
        return (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!;
    }
}
