using System.Security.Cryptography;

namespace Mesh.Fuzz.Cases;

/// <summary>The committed inputs, one folder for each target, in the repository itself: what is found is written there.</summary>
internal static class CorpusFiles
{
    private static readonly string s_folder = Path.Combine(FindRoot(), "tests", "Mesh.Fuzz", "Corpus");

    /// <summary>The inputs of a target in a fixed order.</summary>
    public static string[] Of(string target)
    {
        string folder = Path.Combine(s_folder, target);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>The folders that there are.</summary>
    public static string[] Targets => Directory.Exists(s_folder) ? [.. Directory.EnumerateDirectories(s_folder).Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];

    /// <summary>Keeps an input.</summary>
    /// <returns>Its file.</returns>
    public static string Write(string target, byte[] input)
    {
        string folder = Path.Combine(s_folder, target);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"found-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(file, input);
        return file;
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

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Mesh.Client.sln. Run from a build inside the repository.");
    }
}
