namespace Mesh.Simulation.Tests;

/// <summary>What a person meets.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_Asked_NamesScenariosAndOptions()
    {
        (int code, string output) = await SimulationProgram.RunAsync("--help");

        Assert.Equal(0, code);
        Assert.All(["tail", "metastable", "amplification", "zone", "restart", "leases", "--seed", "--size"], word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("No scenario is called 'tale'", "tale")]
    [InlineData("--size 'huge' is none of small, usual and large", "tail", "--size", "huge")]
    [InlineData("--seed 'x' is no whole number", "tail", "--seed", "x")]
    [InlineData("'--fast' is no option", "tail", "--fast", "1")]
    [InlineData("'--seed' lacks its value", "tail", "--seed")]
    public async Task CommandLine_Wrong_SaysWhatIsWrong(string error, params string[] arguments)
    {
        (int code, string output) = await SimulationProgram.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.Contains(error, output, StringComparison.Ordinal);
    }
}
