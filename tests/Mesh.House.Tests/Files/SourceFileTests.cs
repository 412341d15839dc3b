namespace Mesh.House.Tests.Files;

public sealed class SourceFileTests
{
    private const int MaxFilesInAFolder = 16;

    private static readonly string[] Sources = [.. Repository.Files("src", "*.cs"), .. Repository.Files("samples", "*.cs")];

    [Fact]
    public void Folders_OfSrc_HoldFewFiles()
    {
        IEnumerable<string> full = Repository.Files("src", "*.cs")
            .CountBy(static path => Repository.Relative(Path.GetDirectoryName(path)!))
            .Where(static folder => folder.Value > MaxFilesInAFolder)
            .Select(static folder => $"{folder.Key}: {folder.Value} files, at most {MaxFilesInAFolder}. Find the second concern in it.");

        Rule.Holds(full);
    }

    [Fact]
    public void Files_OfSrcAndSamples_AreShort()
    {
        var lines = Sources.ToDictionary(Repository.Relative, static path => SourceFile.CountLines(File.ReadAllText(path)));

        Rule.Holds(
            lines.Where(static f => f.Value > SourceFile.MaxLines && !FileExceptions.Long.ContainsKey(f.Key))
                .Select(static f => $"{f.Key}: {f.Value} lines, at most {SourceFile.MaxLines}. Split it, or give the reason in FileExceptions.Long."));
        Rule.Holds(FileExceptions.Long.Keys.Where(path => lines.GetValueOrDefault(path) <= SourceFile.MaxLines).Select(static path => $"{path}: needs no exception any more"));
    }

    [Fact]
    public void Files_OfSrcSamplesAndTests_HoldOneType()
    {
        var faults = Sources.Concat(Repository.Files("tests", "*.cs"))
            .Select(static path => (Path: Repository.Relative(path), Fault: SourceFile.TypeFault(Repository.Relative(path), File.ReadAllText(path))))
            .Where(static f => f.Fault is not null)
            .ToDictionary(static f => f.Path, static f => f.Fault);

        Rule.Holds(faults.Where(static f => !FileExceptions.Types.ContainsKey(f.Key)).Select(static f => f.Value!));
        Rule.Holds(FileExceptions.Types.Keys.Except(faults.Keys).Select(static path => $"{path}: needs no exception any more"));
    }

    [Theory]
    [InlineData("A.cs", "namespace N; class A { class B; }", null)]
    [InlineData("A.Part.cs", "namespace N; partial class A<T>;", null)]
    [InlineData("Program.cs", "System.Console.WriteLine();", null)]
    [InlineData("AssemblyInfo.cs", "[assembly: System.CLSCompliant(false)]", null)]
    [InlineData("A.cs", "namespace N; class A; enum B { C }", "A.cs: 2 types, expected 1 (A, B). Give each type a file of its own.")]
    [InlineData("A.cs", "namespace N { delegate void B(); }", "A.cs: the type is B. Name file and type alike.")]
    [InlineData("A.cs", "class A { class B { public record C; } }", "A.cs: the nested type C is not private. Move it to a file of its own.")]
    [InlineData("Program.cs", "System.Console.WriteLine(); class A;", "Program.cs: 1 types, expected 0 (A). Give each type a file of its own.")]
    public void TypeFault_OfAFile_NamesWhatIsWrong(string path, string text, string? fault) => Assert.Equal(fault, SourceFile.TypeFault(path, text));

    [Theory]
    [InlineData("", 1)]
    [InlineData("a\nb\n", 2)]
    [InlineData("a\nb", 2)]
    public void CountLines_OfText_CountsAsAnEditorDoes(string text, int lines) => Assert.Equal(lines, SourceFile.CountLines(text));
}
