using System.Text.Json;

namespace Mesh.Simulation.Tests;

/// <summary>Each scenario in a small size: its bars hold, and the same seed gives the same run. With MESH_LONG=1 whole and for more seeds.</summary>
public sealed class ScenarioTests
{
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("MESH_LONG") == "1";
    private static readonly int[] s_seeds = s_isLong ? [1, 2, 3, 4, 5] : [1];

    [Theory]
    [InlineData("tail", "PeakEwma")]
    [InlineData("metastable", "budget and")]
    [InlineData("amplification", "as shipped")]
    [InlineData("zone", "")]
    [InlineData("restart", "")]
    [InlineData("leases", "half")]
    public async Task Bars_OfAScenario_HoldInEachRunOfASeed(string scenario, string only)
    {
        string[] more = s_isLong ? [] : ["--only", only];
        var digests = new HashSet<string?>();
        foreach (int seed in s_seeds)
        {
            JsonElement first = await SimulationProgram.FindAsync(scenario, seed, more);
            JsonElement second = await SimulationProgram.FindAsync(scenario, seed, more);

            JsonElement[] bars = [.. first.GetProperty("Bars").EnumerateArray()];
            Assert.NotEmpty(bars);
            Assert.All(bars, bar => Assert.True(bar.GetProperty("Holds").GetBoolean(), $"Seed {seed}: {bar}"));
            Assert.Equal(first.GetRawText(), second.GetRawText());
            Assert.True(digests.Add(first.GetProperty("Digest").GetString()), $"Seed {seed} gave the run of another one.");
        }
    }

    // The shortest one: chance follows from the seed, and from nothing else.
    [Fact]
    public async Task Run_OfAnotherSeed_IsAnotherOne()
    {
        JsonElement one = await SimulationProgram.FindAsync("leases", 1, "--only", "half of");
        JsonElement two = await SimulationProgram.FindAsync("leases", 2, "--only", "half of");

        Assert.NotEqual(one.GetProperty("Digest").GetString(), two.GetProperty("Digest").GetString());
    }
}
