using Mesh.IntegrationTests.Redis.Servers;
using Mesh.IntegrationTests.Wire;

namespace Mesh.IntegrationTests.Redis;

/// <summary>Two processes share a quota of 10 000 a second in a real Redis, and want twice that.</summary>
[Collection(typeof(OnTheWire))]
public sealed class FleetQuotaTests(ITestOutputHelper output)
{
    private const long Permits = 10_000;

    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    [Theory]
    [InlineData(10_000, 10_000)]
    [InlineData(20_000, 0)]
    public async Task TwoProcesses_AtTwiceTheQuota_AdmitTheQuota(long first, long second)
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        int seconds = s_long ? 10 : 4;
        using QuotaCaller a = await QuotaCaller.StartAsync(redis, Permits, first, seconds);
        using QuotaCaller b = await QuotaCaller.StartAsync(redis, Permits, Math.Max(1, second), seconds);
        await RunAsync(a, b, seconds, static () => Task.CompletedTask, static () => Task.CompletedTask);

        long admitted = a.Lines[^1].Admitted + b.Lines[^1].Admitted;
        double trips = await redis.ScriptsAsync() * 1000d / admitted;
        output.WriteLine($"{admitted} admitted in {seconds} s, {admitted * 100d / (Permits * seconds):F1} % of the quota; {a.Lines[^1].Admitted} and {b.Lines[^1].Admitted}; {trips:F2} trips for each 1 000");
        Assert.InRange(admitted, Permits * seconds * 95 / 100, Permits * seconds * 105 / 100);
        if (first == second)
        {
            Assert.InRange(a.Lines[^1].Admitted, admitted * 40 / 100, admitted * 60 / 100);
        }
    }

    /// <summary>What happens to Redis; the last three, which its script's own tests have too, in the long form alone.</summary>
    public static TheoryData<string> Happenings => s_long ? ["stop", "kill", "FLUSHALL", "SCRIPT FLUSH", "wrong type"] : ["stop", "kill"];

    [Theory]
    [MemberData(nameof(Happenings))]
    public async Task TwoProcesses_SomethingHappensToRedis_AdmitOneMoreQuotaAtMost(string what)
    {
        const int Seconds = 9;
        await using RedisServer redis = await RedisServer.StartAsync();
        using QuotaCaller a = await QuotaCaller.StartAsync(redis, Permits, Permits, Seconds, "LocalShare");
        using QuotaCaller b = await QuotaCaller.StartAsync(redis, Permits, Permits, Seconds, "LocalShare");
        await RunAsync(a, b, Seconds, () => BeginAsync(redis, what), () => EndAsync(redis, what));

        long Admitted(int from, int to) => a.Admitted(from, to) + b.Admitted(from, to);
        long all = Admitted(0, Seconds * 1000);
        string windows = string.Join(' ', Enumerable.Range(0, Seconds).Select(s => Admitted(s * 1000, (s + 1) * 1000)));
        output.WriteLine($"{what}: {all} admitted in {Seconds} s, by second: {windows}; the longest wait of a call {Math.Max(a.Lines[^1].LongestMicroseconds, b.Lines[^1].LongestMicroseconds) / 1000} ms");
        Assert.InRange(all, Permits * (Seconds - 1) * 90 / 100, Permits * (Seconds + 1));

        // While it was out, and afterwards; two seconds each, because the windows are not those of the test.
        Assert.InRange(Admitted(3000, 5000), Permits * 2 * 80 / 100, Permits * 4);
        Assert.InRange(Admitted(7000, 9000), Permits * 2 * 90 / 100, Permits * 3);
    }

    private static async Task RunAsync(QuotaCaller a, QuotaCaller b, int seconds, Func<Task> begin, Func<Task> end)
    {
        a.Begin();
        b.Begin();
        await a.ReachAsync(2500);
        await begin();
        await a.ReachAsync(5000);
        await end();
        await Task.WhenAll(a.ReachAsync(seconds * 1000), b.ReachAsync(seconds * 1000));
    }

    private static async Task BeginAsync(RedisServer redis, string what)
    {
        switch (what)
        {
            case "stop":
                redis.Freeze();
                break;
            case "kill":
                redis.Kill();
                break;
            case "wrong type":
                foreach (string key in await redis.KeysAsync())
                {
                    Assert.Equal("+OK", await redis.SendAsync($"SET {key} nothing"));
                }

                break;
            default:
                Assert.Equal("+OK", await redis.SendAsync(what));
                break;
        }
    }

    private static async Task EndAsync(RedisServer redis, string what)
    {
        switch (what)
        {
            case "stop":
                redis.Thaw();
                break;
            case "kill":
                await redis.StartAgainAsync();
                break;
        }
    }
}
