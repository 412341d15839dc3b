using System.Reflection;
using System.Text.RegularExpressions;

namespace Mesh.House.Tests.Docs;

/// <summary>What the pages say of the code.</summary>
public sealed partial class PageTests
{
    private static Assembly Core => Assembly.LoadFrom(Repository.Project("Mesh.Client").Assembly);

    private static string Configuration => File.ReadAllText(Repository.FullPath("docs/configuration.md"));

    private static IEnumerable<Type> Options => Core.GetExportedTypes().Where(static t => t.Namespace == "Mesh.Client.Options")
        .Concat(Assembly.LoadFrom(Repository.Project("Mesh.Client.Consul").Assembly).GetExportedTypes())
        .Concat(Assembly.LoadFrom(Repository.Project("Mesh.Client.Redis").Assembly).GetExportedTypes())
        .Concat(Assembly.LoadFrom(Repository.Project("Mesh.Client.AspNetCore").Assembly).GetExportedTypes())
        .Where(static t => t.Name.EndsWith("Options", StringComparison.Ordinal) && t.Name != "MeshAdminOptions");

    [Fact]
    public void Tables_OfTheConfigurationPage_SayWhatTheCodeDoes() => Rule.Holds(ConfigurationPage.Faults(Configuration, Options));

    [Theory]
    [InlineData("| `HalfOpenProbes` | 1 | from 1 to 1000 |", "| `HalfOpenProbes` | 2 | from 1 to 1000 |")]
    [InlineData("| `HalfOpenProbes` | 1 | from 1 to 1000 |", "| `HalfOpenProbes` | 1 | from 1 to 100 |")]
    [InlineData("| `HalfOpenProbes` | 1 | from 1 to 1000 |", "| `HalfOpenProbe` | 1 | from 1 to 1000 |")]
    [InlineData("### `CircuitBreaker`", "### The breaker")]
    public void Faults_OfAPageThatIsWrong_AreFound(string right, string wrong)
    {
        Assert.Contains(right, Configuration, StringComparison.Ordinal);
        Assert.NotEmpty(ConfigurationPage.Faults(Configuration.Replace(right, wrong, StringComparison.Ordinal), Options));
    }

    [Fact]
    public void Types_OfTheArchitecturePage_Exist()
    {
        string page = File.ReadAllText(Repository.FullPath("docs/architecture.md"));
        var types = Core.GetTypes().Select(static t => t.Name.Split('`')[0]).Concat(["Timeout", "Failure", "SocketsHttpHandler", "DelegatingHandler", "Host", "Retry"]).ToHashSet();
        foreach (Type type in Core.GetTypes())
        {
            types.Add(type.Namespace?.Split('.')[^1] ?? "");
            types.UnionWith(type.GetMembers().Select(static m => m.Name));
        }

        Rule.Holds(Names().Matches(page).Select(static m => m.Groups[1].Value).Distinct().Where(n => !types.Contains(n)).Select(n => $"docs/architecture.md: {n} is neither a type of Mesh.Client nor a member of one"));
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Names();
}
