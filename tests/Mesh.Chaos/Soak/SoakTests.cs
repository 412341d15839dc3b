using System.Globalization;

namespace Mesh.Chaos.Soak;

/// <summary>Whether anything grows. bash tests/soak.sh runs it for as long as one likes.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int LongMinutes = 30;

    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    private static bool IsWatched => Environment.GetEnvironmentVariable("MESH_WATCHED") == "1";

    [Fact]
    public async Task Calls_EndpointsReplacedEachSecond_NothingGrows()
    {
        int minutes = int.TryParse(Environment.GetEnvironmentVariable("MESH_MINUTES"), CultureInfo.InvariantCulture, out int said) ? said : s_long ? LongMinutes : 0;
        int seconds = minutes > 0 ? 60 * minutes : 16;
        var run = new SoakRun(seconds, minutes >= 10 ? 60 : minutes > 0 ? 10 : 1, IsWatched ? Console.WriteLine : output.WriteLine);

        await run.RunAsync(TestContext.Current.CancellationToken);

        // Of the first third the process is warming up; the halves of the rest are compared, each by the least that it came down to: a machine that is busy makes peaks, and a leak lifts the ground.
        SoakSample[] warm = [.. run.Samples.Skip(run.Samples.Count / 3)];
        SoakSample[] before = warm[..(warm.Length / 2)];
        SoakSample[] after = warm[(warm.Length / 2)..];
        string[] figures =
        [
            string.Create(CultureInfo.InvariantCulture, $"{run.Calls} calls, {run.Failed} failed; resident {before.Min(Megabytes):F1}, then {after.Min(Megabytes):F1} MB; managed {before.Min(Managed):F2}, then {after.Min(Managed):F2} MB"),
            string.Create(CultureInfo.InvariantCulture, $"{before.Min(Handles)}, then {after.Min(Handles)} handles; {before.Min(Timers)}, then {after.Min(Timers)} timers; {before.Min(Threads)}, then {after.Min(Threads)} threads"),
        ];
        (IsWatched ? Console.WriteLine : (Action<string>)output.WriteLine)(string.Join("; ", figures));
        Assert.True(run.Failed == 0, run.FirstError);
        Assert.InRange(run.Calls, seconds * 200, int.MaxValue);
        Assert.InRange(after.Min(Megabytes), 0, (before.Min(Megabytes) * 1.1) + 4);
        Assert.InRange(after.Min(Managed), 0, (before.Min(Managed) * 1.1) + 1);
        Assert.InRange(after.Min(Handles), 0, before.Min(Handles) + 30);
        Assert.InRange(after.Min(Timers), 0, before.Min(Timers) + 10);
        Assert.InRange(after.Min(Threads), 0, before.Min(Threads) + 10);
    }

    private static double Megabytes(SoakSample sample) => sample.Resident / 1048576d;

    private static double Managed(SoakSample sample) => sample.Managed / 1048576d;

    private static int Handles(SoakSample sample) => sample.Handles;

    private static long Timers(SoakSample sample) => sample.Timers;

    private static int Threads(SoakSample sample) => sample.Threads;
}
