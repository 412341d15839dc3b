using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Tests.Receiving;

/// <summary>
/// A real Kestrel whose application can do so much and no more, under ten times that. The short form sees to it that most of what can be done is done; the bars themselves, which need a machine that is not busy
/// with something else, are those of the long form (MESH_LONG=1).
/// </summary>
[Collection(Alone.Name)]
public sealed class OverloadTests
{
    private const int Workers = 8;

    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";
    private static readonly TimeSpan s_work = TimeSpan.FromMilliseconds(40);
    private readonly SemaphoreSlim _workers = new(Workers);
    private readonly ConcurrentQueue<double> _latencies = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Overload_TenTimesTheCapacity_KeepsGoodputAndLatency()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Concurrency:Adaptive", "true")], WorkAsync);
        await using ReceivingApp open = await ReceivingApp.StartAsync(run: WorkAsync);
        (double capacity, _) = await MeasureAsync(() => Task.WhenAll(Enumerable.Range(0, Workers * 2).Select(_ => CallForAsync(open, TimeSpan.FromSeconds(s_long ? 5 : 1)))));
        (_, double unloaded) = await MeasureAsync(() => CallForAsync(open, TimeSpan.FromSeconds(s_long ? 5 : 1)));
        await OfferAsync(app, capacity * 10, TimeSpan.FromSeconds(s_long ? 10 : 3));

        int offered = 0;
        (double goodput, double loaded) = await MeasureAsync(async () => offered = await OfferAsync(app, capacity * 10, TimeSpan.FromSeconds(s_long ? 60 : 3)));

        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"capacity {capacity:F0}/s, offered {offered / (s_long ? 60.0 : 3):F0}/s, goodput {goodput:F0}/s = {goodput / capacity:P1}; p99 unloaded {unloaded * 1000:F0} ms, of the admitted {loaded * 1000:F0} ms = {loaded / unloaded:F2}");
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(goodput >= capacity * (s_long ? 0.9 : 0.5), figures);
        Assert.True(!s_long || loaded <= unloaded * 3, figures);
    }

    private static async Task CallForAsync(ReceivingApp app, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            using HttpResponseMessage response = await app.Client.GetAsync(app.Uri, Token);
        }
    }

    // As many as are due by now, whatever became of those before.
    private static async Task<int> OfferAsync(ReceivingApp app, double rate, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        var calls = new List<Task>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (Stopwatch.GetElapsedTime(start) < time && await pace.WaitForNextTickAsync(Token))
        {
            int due = (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate);
            while (calls.Count < due)
            {
                calls.Add(CallAsync(app));
            }
        }

        await Task.WhenAll(calls);
        return calls.Count;
    }

    private static async Task CallAsync(ReceivingApp app)
    {
        using HttpResponseMessage response = await app.Client.GetAsync(app.Uri, Token);
    }

    private async Task<(double PerSecond, double P99)> MeasureAsync(Func<Task> load)
    {
        _latencies.Clear();
        long start = Stopwatch.GetTimestamp();
        await load();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] latencies = [.. _latencies.Order()];
        return (latencies.Length / seconds, latencies[(int)(latencies.Length * 0.99)]);
    }

    private async Task WorkAsync(HttpContext context)
    {
        long start = Stopwatch.GetTimestamp();
        await _workers.WaitAsync(Token);
        try
        {
            await Task.Delay(s_work, Token);
            _latencies.Enqueue(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        finally
        {
            _workers.Release();
        }
    }
}
