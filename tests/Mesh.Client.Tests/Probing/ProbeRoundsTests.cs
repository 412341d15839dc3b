using Mesh.Client.Model;
using Mesh.Client.Probing;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Probing;

public sealed class ProbeRoundsTests
{
    private const int Count = 200;

    private readonly ManualTimeProvider _clock = new();
    private readonly ProbeRounds _rounds;
    private readonly HealthCheckPolicy _policy = new() { Interval = TimeSpan.FromSeconds(100) };

    public ProbeRoundsTests() => _rounds = new ProbeRounds(_clock, new SeededRandom(3));

    [Fact]
    public void First_OfMany_SpreadOverTheWholeInterval()
    {
        int[] done = Finished(_rounds.FirstAsync);

        // Ten slices of 10 s each get about a tenth.
        Assert.All(Enumerable.Range(1, 10), i => Assert.InRange(done[i * 10] - done[(i - 1) * 10], Count / 30, Count / 4));
        Assert.Equal(Count, done[100]);
    }

    [Fact]
    public void Next_OfMany_LeavesOutUpToATenthOfTheInterval()
    {
        int[] done = Finished(_rounds.NextAsync);

        Assert.Equal((0, Count), (done[90], done[100]));
        Assert.InRange(done[95], Count / 4, Count * 3 / 4);
    }

    // How many of the waits are over after so many seconds.
    private int[] Finished(Func<HealthCheckPolicy, CancellationToken, Task> wait)
    {
        Task[] waits = [.. Enumerable.Range(0, Count).Select(_ => wait(_policy, TestContext.Current.CancellationToken))];
        var done = new List<int>();
        for (int second = 0; second <= 100; second++)
        {
            done.Add(waits.Count(static w => w.IsCompleted));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        return [.. done];
    }
}
