using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Mesh.IntegrationTests.Agent.Servers;

namespace Mesh.IntegrationTests.Agent.Attacks;

/// <summary>An agent before an nginx with four programs that call without a pause worth the name, and an attacker beside them.</summary>
internal sealed class AttackRig : IAsyncDisposable
{
    private const int Callers = 4;

    // Below this a doubled time is the scheduler of a small machine and not the attack.
    private static readonly TimeSpan s_floor = TimeSpan.FromMilliseconds(IsLong ? 20 : 100);

    private readonly NginxServer _nginx;
    private readonly HttpClient _client;

    private AttackRig(NginxServer nginx, AgentProcess agent)
    {
        _nginx = nginx;
        Agent = agent;
        _client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy("127.0.0.1", agent.Outbound), UseProxy = true });
    }

    /// <summary>Whether the long forms run.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    /// <summary>How long an attack goes on.</summary>
    public static TimeSpan Duration { get; } = TimeSpan.FromSeconds(IsLong ? 20 : 1);

    public AgentProcess Agent { get; }

    /// <summary>Starts one and makes it warm.</summary>
    public static async Task<AttackRig> StartAsync(params (string Key, string Value)[] keys)
    {
        NginxServer nginx = await NginxServer.StartAsync();
        string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{nginx.Port}");
        AgentProcess agent = await AgentProcess.StartAsync(
            [
                ("Mesh:Services:orders:Endpoints:0:Address", address),
                ("Mesh:Services:orders:CircuitBreaker:ConsecutiveFailures", "10000"),
                ("Mesh:Services:orders:CircuitBreaker:MinimumThroughput", "10000"),
                ("Agent:Inbound:0:Service", "inventory"),
                ("Agent:Inbound:0:Listen", "http://127.0.0.1:0"),
                ("Agent:Inbound:0:Forward", address),
                .. keys,
            ]);
        var rig = new AttackRig(nginx, agent);
        await rig.CallAsync(TimeSpan.FromSeconds(IsLong ? 10 : 1));
        return rig;
    }

    /// <summary>Looks at the others before and under an attack.</summary>
    /// <param name="attack">Attacks until it is told to end; it says when it is at its height.</param>
    public async Task<AttackFigures> UnderAsync(Func<Action, CancellationToken, Task> attack)
    {
        TimeSpan before = await CallAsync(Duration);
        long resident = Agent.Resident;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var height = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task attacking = Task.Run(() => attack(() => height.TrySetResult(), end.Token), end.Token);
        await Task.WhenAny(height.Task, attacking).WaitAsync(TimeSpan.FromSeconds(120), end.Token);
        Assert.False(attacking.IsFaulted, $"{attacking.Exception}");
        Task<long> peak = PeakAsync(end.Token);

        // Other work on this machine comes and goes, and an attack does not.
        TimeSpan under = await CallAsync(Duration);
        for (int i = 0; i < 4 && !Unfelt(before, under); i++)
        {
            TimeSpan again = await CallAsync(Duration);
            under = again < under ? again : under;
        }

        await end.CancelAsync();
        await attacking.ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        var figures = new AttackFigures(before, under, resident, await peak);
        TestContext.Current.TestOutputHelper?.WriteLine($"{figures}");
        return figures;
    }

    /// <summary>Demands that memory grew by no more than was thought, and that others do not feel it.</summary>
    public static void Survived(AttackFigures figures, double megabytes)
    {
        Assert.True(figures.Growth <= megabytes, $"More than {megabytes} MB: {figures}");
        Assert.True(Unfelt(figures.Before, figures.Under), $"Others feel it: {figures}");
    }

    private static bool Unfelt(TimeSpan before, TimeSpan under) => under <= 2 * before || under <= s_floor;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Agent.DisposeAsync();
        await _nginx.DisposeAsync();
    }

    private async Task<TimeSpan> CallAsync(TimeSpan duration)
    {
        var times = new ConcurrentBag<TimeSpan>();
        long start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (TimeProvider.System.GetElapsedTime(start) < duration)
            {
                long begun = TimeProvider.System.GetTimestamp();
                Assert.Equal("GET /ok orders", await _client.GetStringAsync("http://orders/ok"));
                times.Add(TimeProvider.System.GetElapsedTime(begun));
                await Task.Delay(TimeSpan.FromMilliseconds(2));
            }
        })));
        return times.Order().ElementAt(times.Count * 99 / 100);
    }

    private async Task<long> PeakAsync(CancellationToken end)
    {
        long peak = 0;
        while (!end.IsCancellationRequested)
        {
            peak = Math.Max(peak, Agent.Resident);
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }

        return peak;
    }
}
