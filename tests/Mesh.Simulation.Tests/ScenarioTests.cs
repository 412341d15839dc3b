using System.Text.Json;

namespace Mesh.Simulation.Tests;

/// <summary>Each scenario in a small size: its bars hold, and it is the same run each time. With MESH_LONG=1 for more seeds.</summary>
public sealed class ScenarioTests
{
    private static readonly int[] s_seeds = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? [1, 2, 3, 4, 5] : [1];

    public static TheoryData<string> Scenarios => ["tail", "metastable", "amplification", "zone", "restart", "leases"];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Bars_OfAScenario_Hold(string scenario)
    {
        foreach (int seed in s_seeds)
        {
            JsonElement found = await SimulationProgram.FindAsync(scenario, seed);

            JsonElement[] bars = [.. found.GetProperty("Bars").EnumerateArray()];
            Assert.NotEmpty(bars);
            Assert.All(bars, bar => Assert.True(bar.GetProperty("Holds").GetBoolean(), $"Seed {seed}: {bar}"));
        }
    }

    [Theory]
    [InlineData("tail", "PeakEwma")]
    [InlineData("amplification", "as shipped")]
    [InlineData("metastable", "budget and")]
    [InlineData("zone", "")]
    [InlineData("restart", "")]
    [InlineData("leases", "nine tenths")]
    public async Task Run_WithTheSameSeed_IsTheSameBitForBit(string scenario, string only)
    {
        JsonElement first = await SimulationProgram.FindAsync(scenario, 7, "--only", only);
        JsonElement second = await SimulationProgram.FindAsync(scenario, 7, "--only", only);
        JsonElement other = await SimulationProgram.FindAsync(scenario, 8, "--only", only);

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.NotEqual(first.GetProperty("Digest").GetString(), other.GetProperty("Digest").GetString());
    }
}
