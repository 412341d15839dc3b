namespace Mesh.House.Tests;

/// <summary>A project of src.</summary>
/// <param name="Name">Its name, which is its package and its assembly too.</param>
/// <param name="Path">The full path of its csproj.</param>
internal sealed record SourceProject(string Name, string Path)
{
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The built assembly, as it stands beside these tests.</summary>
    public string Assembly => System.IO.Path.Combine(AppContext.BaseDirectory, Name + ".dll");

    /// <summary>Whether its package is a dotnet tool, which is installed and not referenced.</summary>
    public bool IsTool => File.ReadAllText(Path).Contains("<PackAsTool>true", StringComparison.Ordinal);

    /// <summary>Its C# files as full paths.</summary>
    public IReadOnlyList<string> Sources => Repository.Files(Repository.Relative(Folder), "*.cs");
}
