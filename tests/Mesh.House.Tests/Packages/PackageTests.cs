using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace Mesh.House.Tests.Packages;

/// <summary>What users get: each package is complete, and a fresh project that knows nothing but the packages makes a call.</summary>
public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    public static TheoryData<string> Projects => Repository.ProjectNames;

    [Theory]
    [MemberData(nameof(Projects))]
    public void Package_OfAProject_IsComplete(string name)
    {
        string path = Path.Combine(packages.Feed, $"{name}.{packages.Version}.nupkg");
        using ZipArchive package = ZipFile.OpenRead(path);
        using ZipArchive symbols = ZipFile.OpenRead(Path.ChangeExtension(path, ".snupkg"));
        using Stream nuspec = package.GetEntry(name + ".nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        XElement? Element(string element) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == element);
        (bool Holds, string Fault)[] rules =
        [
            (Element("license") is { Value: "MIT" } license && license.Attribute("type")?.Value == "expression", "the licence expression is not MIT"),
            (Element("description") is { Value.Length: > 40 } description && description.Value != "Package Description", "no description that says what it is"),
            (Element("readme")?.Value == "README.md" && package.GetEntry("README.md") is { Length: > 0 }, "no readme"),
            (Element("authors") is { Value.Length: > 0 }, "no authors"),
            (Element("tags") is { Value.Length: > 0 }, "no tags"),
            (Contains(package, $"/{name}.dll"), "no assembly"),
            (Contains(package, $"/{name}.xml"), "no XML documentation"),
            (Contains(symbols, $"/{name}.pdb"), "no symbols in the snupkg"),
        ];

        Rule.Holds(rules.Where(static r => !r.Holds).Select(r => $"{name}: {r.Fault}"));
    }

    [Fact]
    public async Task Consumer_OfThePackages_CallsAService()
    {
        string folder = Path.Combine(packages.Folder, "consumer");
        CopyConsumer(folder);
        string[] settings =
        [
            $"-p:MeshVersion={packages.Version}",
            $"-p:RestorePackagesPath={Path.Combine(packages.Folder, "restored")}",
            $"-p:RestoreFallbackFolders={Repository.PackageFolder.TrimEnd('/', '\\')}",
        ];

        await DotnetCommand.RunAsync(folder, ["build", "-c", "Release", "-warnaserror", "-v", "quiet", "-o", "out", .. settings]);
        string output = await DotnetCommand.RunAsync(folder, "exec", "out/Consumer.dll");

        Assert.Equal("GET /x at Host orders", output.Trim());
        Assert.Equal(
            Repository.Projects.Where(static p => !p.IsTool).Select(static p => p.Name.ToLowerInvariant()).Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Path.Combine(packages.Folder, "restored"), "mesh.*").Select(static p => Path.GetFileName(p)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Tool_OfTheAgent_IsInstalledAndRuns()
    {
        string folder = Path.Combine(packages.Folder, "tools");

        await DotnetCommand.RunAsync(packages.Folder, "tool", "install", "Mesh.Agent", "--version", packages.Version, "--tool-path", folder, "--add-source", packages.Feed);

        using Process tool = Process.Start(new ProcessStartInfo(Path.Combine(folder, "mesh-agent"), ["version"]) { RedirectStandardOutput = true })!;
        string output = await tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, true), (tool.ExitCode, output.StartsWith("mesh-agent ", StringComparison.Ordinal)));
    }

    private static bool Contains(ZipArchive archive, string ending) => archive.Entries.Any(e => e.FullName.EndsWith(ending, StringComparison.Ordinal));

    // The source files end in .txt so that they are no part of the test project.
    private static void CopyConsumer(string folder)
    {
        Directory.CreateDirectory(folder);
        string references = string.Concat(Repository.Projects.Where(static p => !p.IsTool).Select(static p => $"""<PackageReference Include="{p.Name}" Version="$(MeshVersion)" />"""));
        foreach (string path in Repository.Files("tests/Mesh.House.Tests/Packages/Consumer", "*.txt"))
        {
            File.WriteAllText(Path.Combine(folder, Path.GetFileNameWithoutExtension(path)), File.ReadAllText(path).Replace("<!-- packages -->", references, StringComparison.Ordinal));
        }

        File.Copy(Repository.FullPath("global.json"), Path.Combine(folder, "global.json"));
    }
}
