using System.Xml.Linq;

namespace Mesh.House.Tests.Arrows;

/// <summary>Arrows between projects point into Mesh.Client only; the agent may use all.</summary>
public sealed class ProjectArrowTests
{
    private const string Core = "Mesh.Client";
    private const string Agent = "Mesh.Agent";

    public static TheoryData<string> Projects => Repository.ProjectNames;

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_OfAProject_PointIntoTheCoreOnly(string name)
    {
        IEnumerable<string> references = References(File.ReadAllText(Repository.Project(name).Path));

        Rule.Holds(Forbidden(name, references));
    }

    [Theory]
    [InlineData("Mesh.Client", "../Mesh.Client.Testing/Mesh.Client.Testing.csproj", 1)]
    [InlineData("Mesh.Client.Consul", @"..\Mesh.Client.Redis\Mesh.Client.Redis.csproj", 1)]
    [InlineData("Mesh.Client.Consul", "../Mesh.Client/Mesh.Client.csproj", 0)]
    [InlineData("Mesh.Agent", "../Mesh.Client.Redis/Mesh.Client.Redis.csproj", 0)]
    public void Forbidden_OfAReference_FollowsTheRule(string from, string include, int count)
    {
        string project = $"""<Project><ItemGroup><ProjectReference Include="{include}" /></ItemGroup></Project>""";

        Assert.Equal(count, Forbidden(from, References(project)).Count());
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Parse(project).Descendants("ProjectReference")
            .Select(static e => Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value.Replace('\\', '/')));

    private static IEnumerable<string> Forbidden(string from, IEnumerable<string> references) =>
        from == Agent ? [] : references.Where(to => to != Core || from == Core).Select(to => $"{from} → {to}: only arrows into {Core} are allowed");
}
