using System.Globalization;
using System.Text.RegularExpressions;
using Mesh.IntegrationTests.Wire;

namespace Mesh.IntegrationTests.Agent;

/// <summary>The agent as a program, with a real Consul.</summary>
[Collection(typeof(OnTheWire))]
public sealed partial class AgentTests(ITestOutputHelper output)
{
    private const int MostIdleKilobytes = 60 * 1024;

    [Fact]
    public Task Agent_AsItIsBuilt_DoesWhatItShould() => AgentStory.RunAsync(AgentProgram.Built);

    /// <summary>Trimming must take nothing away that is needed. The long form, for the file takes minutes to make.</summary>
    [Fact]
    public async Task Agent_AsItIsPublished_DoesTheSameAndIsThin()
    {
        Assert.SkipUnless(AgentProgram.IsPublishedWanted, "Publishing takes minutes. Remedy: bash tests/long.sh Integration, or MESH_AGENT_FILE=<the file that publish.sh made>");
        string[] program = await AgentProgram.PublishAsync();

        Assert.Equal("mesh-agent", Path.GetFileNameWithoutExtension(program[0]));
        await AgentStory.RunAsync(program, agent =>
        {
            int resident = int.Parse(Resident().Match(File.ReadAllText($"/proc/{agent.Id}/status")).Groups[1].Value, CultureInfo.InvariantCulture);
            output.WriteLine($"{new FileInfo(program[0]).Length / 1_000_000} MB on disk, {resident / 1024} MB resident with nothing to do");
            Assert.InRange(resident, 1, MostIdleKilobytes);
        });
    }

    [GeneratedRegex(@"VmRSS:\s+(\d+) kB")]
    private static partial Regex Resident();
}
