using System.Reflection;

namespace Mesh.House.Tests;

/// <summary>Where the repository and its parts are on this machine.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", ".tools", ".git", "TestResults"];

    /// <summary>The folder that holds Mesh.Client.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary><c>Debug</c> or <c>Release</c>: how this assembly was built, and the projects of src with it.</summary>
    public static string Configuration { get; } = typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The folder of packages that the restore of this project filled.</summary>
    public static string PackageFolder { get; } =
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "NuGetPackageRoot").Value!;

    /// <summary>The projects of src, which are what the house holds.</summary>
    public static IReadOnlyList<SourceProject> Projects { get; } =
        [.. Files("src", "*.csproj").Select(static path => new SourceProject(Path.GetFileNameWithoutExtension(path), path))];

    /// <summary>The names of <see cref="Projects"/>, one row each, for theories.</summary>
    public static TheoryData<string> ProjectNames => [.. Projects.Select(static p => p.Name)];

    public static SourceProject Project(string name) => Projects.Single(p => p.Name == name);

    public static string FullPath(string relative) => Path.Combine(Root, relative);

    /// <summary>The path from the root, with forward slashes on every system.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Files under a folder of the repository as full paths in a fixed order, without what is built or installed.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        string start = FullPath(folder);
        if (!Directory.Exists(start))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateFiles(start, pattern, SearchOption.AllDirectories)
                .Where(static path => !Relative(path).Split('/').Any(Generated.Contains))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mesh.Client.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Mesh.Client.sln. Run the tests from a build inside the repository.");
    }
}
