namespace Mesh.House.Tests.Schema;

/// <summary>The schema that is published is the one that the options make.</summary>
public sealed class AgentSchemaTests
{
    private const string Page = "docs/agent.schema.json";

    [Fact]
    public void Schema_OfTheAgent_IsTheOneOfTheOptions()
    {
        string path = Repository.FullPath(Page);
        string made = AgentSchema.Make();
        if (Environment.GetEnvironmentVariable("MESH_APPROVE") == "1")
        {
            File.WriteAllText(path, made);
        }

        string[] published = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        Rule.Holds(
            published.Except(made.Split('\n')).Select(static l => "- " + l)
                .Concat(made.Split('\n').Except(published).Select(static l => "+ " + l))
                .Concat(published.SequenceEqual(made.Split('\n')) ? [] : [$"{Page} is not what the options say. Make it anew: MESH_APPROVE=1 bash tests/run.sh House"]));
    }
}
