using System.Globalization;
using Mesh.Chaos.Fleet;

namespace Mesh.Chaos;

/// <summary>A fleet of real processes under load while something breaks each second. bash tests/chaos.sh runs it by itself, with a seed and for as long as one likes.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int OrdinarySeed = 1;
    private const int LongMinutes = 5;

    private static bool IsLong => Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    // Whether somebody looks on: then each fault is a line as it ends.
    private static bool IsWatched => Environment.GetEnvironmentVariable("MESH_WATCHED") == "1";

    [Fact]
    public async Task Fleet_SomethingBreaksEachSecond_InvariantsHold()
    {
        ForeignClient.SkipWithoutProgram();
        int seed = Number("MESH_SEED") ?? OrdinarySeed;
        int minutes = Number("MESH_MINUTES") ?? (IsLong ? LongMinutes : 1);

        ChaosReport report = await new ChaosRun(seed, 60 * minutes, IsWatched ? Console.WriteLine : static _ => { }).RunAsync(TestContext.Current.CancellationToken);

        (IsWatched ? Console.WriteLine : (Action<string>)output.WriteLine)(report.ToString());
        Assert.True(report.Holds, "an invariant is broken, see the summary");
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
