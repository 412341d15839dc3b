using System.Text.RegularExpressions;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;

namespace Mesh.IntegrationTests;

/// <summary>The sample with a real Consul, as it is run: by its script.</summary>
[Collection(typeof(OnTheWire))]
public sealed partial class ShopTests(ITestOutputHelper output)
{
    private const string Script = "samples/Shop/run.sh";

    [Fact]
    public async Task Run_InShort_HoldsAllItsClaims()
    {
        ConsulServer.SkipWithoutProgram();

        (int exitCode, string text) = await SampleScript.RunAsync(Script, "--short");

        output.WriteLine(text);
        Assert.True(exitCode == 0, text);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.Equal(7, Held().Count(text));
        Assert.Contains("All of it held.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAWrongArgument_SaysWhatToDo()
    {
        ConsulServer.SkipWithoutProgram();

        (int exitCode, string text) = await SampleScript.RunAsync(Script, "--shrt");

        Assert.Equal(2, exitCode);
        Assert.Contains("run.sh [--short]", text, StringComparison.Ordinal);
    }

    [GeneratedRegex("^ ✓ ", RegexOptions.Multiline)]
    private static partial Regex Held();
}
