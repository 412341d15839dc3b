using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mesh.House.Tests.Addresses;

/// <summary>Where packages come from is the user's own business: no file of the repository names a registry or a mirror.</summary>
public sealed partial class RegistryAddressTests
{
    // In parts, so that this file does not name them either.
    private static readonly (string Host, string Domain)[] Registries =
    [
        ("nuget", "org"), ("nuget.pkg.github", "com"), ("pkgs.dev.azure", "com"), ("pkgs.visualstudio", "com"), ("myget", "org"), ("jfrog", "io"),
        ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"), ("pypi", "org"), ("pythonhosted", "org"), ("crates", "io"), ("rubygems", "org"),
        ("proxy.golang", "org"), ("repo1.maven", "org"), ("repo.maven.apache", "org"), ("deb.debian", "org"), ("archive.ubuntu", "com"),
        ("docker", "io"), ("ghcr", "io"), ("quay", "io"), ("mcr.microsoft", "com"),
    ];

    private static readonly string[] Text =
    [
        ".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".jsonc", ".md", ".txt", ".config", ".xml", ".yml", ".yaml", ".sh", ".js", ".mjs", ".py",
        ".proto", ".html", ".css", ".toml", ".lock", ".editorconfig", ".gitignore", ".gitattributes", ".npmrc", string.Empty,
    ];

    [Fact]
    public void Files_OfTheRepository_NameNoRegistry()
    {
        IEnumerable<string> files = Repository.Files(".", "*").Where(static path => Text.Contains(Path.GetExtension(path)));

        Rule.Holds(files.SelectMany(static path => Find(File.ReadAllText(path)).Select(host => $"{Repository.Relative(path)}: names {host}. Take the address from the machine.")));
    }

    [Fact]
    public void NugetConfig_OfTheRepository_NamesNoSource()
    {
        XElement root = XDocument.Load(Repository.FullPath("nuget.config")).Root!;

        Rule.Holds(root.Elements().Where(static e => e.Name.LocalName.StartsWith("packageSource", StringComparison.OrdinalIgnoreCase)).Select(static e => $"nuget.config: <{e.Name}>. The sources are the user's own."));
    }

    [Theory]
    [InlineData("https://api.{0}/v3/index.json", "nuget", "org", true)]
    [InlineData("registry=https://registry.{0}/", "npmjs", "org", true)]
    [InlineData("image: {0}/library/redis", "docker", "io", true)]
    [InlineData("my{0}", "docker", "io", false)]
    [InlineData("http://localhost:8500/ {0}anisation", "nuget", "org", false)]
    public void Find_InText_KnowsAnAddress(string format, string host, string domain, bool found) =>
        Assert.Equal(found, Find(string.Format(null, format, $"{host}.{domain}")).Any());

    private static IEnumerable<string> Find(string text) =>
        HostName().Matches(text).Select(static m => m.Value)
            .Where(static name => Registries.Any(r => name.Equals($"{r.Host}.{r.Domain}", StringComparison.OrdinalIgnoreCase) || name.EndsWith($".{r.Host}.{r.Domain}", StringComparison.OrdinalIgnoreCase)))
            .Distinct();

    [GeneratedRegex(@"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")]
    private static partial Regex HostName();
}
