using System.Diagnostics;
using System.Globalization;
using System.Net;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Consul.Scale;

/// <summary>Many services in use against a real Consul: connections, how soon a change is seen, and the processor time beside that of polling.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ConsulScaleTests(ITestOutputHelper output)
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";
    private static readonly int s_services = s_long ? 1000 : 150;
    private static readonly int s_connections = s_long ? 64 : 20;
    private static readonly int s_nodes = s_long ? 100 : 20;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(s_long ? 60 : 3);

    // Often, for the percentile; and as often as two thousand instances may change in production, for the processor time.
    private static readonly TimeSpan s_often = TimeSpan.FromMilliseconds(s_long ? 750 : 300);
    private static readonly TimeSpan s_seldom = TimeSpan.FromSeconds(s_long ? 5 : 1);
    private static readonly TimeSpan s_bar = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Watches_OfManyServices_SeeChangesOverFewConnections()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        var catalog = new ScaledCatalog(consul, s_services, s_nodes);
        await catalog.FillAsync();
        var random = new Random(1);
        Cost changing = await CostAsync(consul, () => ChangeAsync(catalog, random, s_seldom, null));
        Cost polling = await CostAsync(consul, () => Task.WhenAll(Poller.RunAsync(consul.Address, s_services, s_duration), ChangeAsync(catalog, random, s_seldom, null))) - changing;

        var seen = new SeenBalancer();
        using var mesh = new ConsulMesh(consul, options => options.MaxConnections = s_connections, builder => builder
            .AddLoadBalancer(seen)
            .ConfigureDefaults(options => options.LoadBalancing.Policy = seen.Name)
            .UseTransport(static _ => new Answering()));
        long start = TimeProvider.System.GetTimestamp();
        await Parallel.ForAsync(0, s_services, async (service, _) => await mesh.CallAsync(ScaledCatalog.Name(service)));
        TimeSpan first = TimeProvider.System.GetElapsedTime(start);
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);

        List<(TimeSpan Took, string Kind)> changes = [];
        Cost busy = await CostAsync(consul, async () => changes = await ChangeAsync(catalog, random, s_often, seen));
        Cost watching = await CostAsync(consul, async () => changes.AddRange(await ChangeAsync(catalog, random, s_seldom, seen))) - changing;
        Cost quiet = await CostAsync(consul, () => Task.Delay(s_duration, TestContext.Current.CancellationToken));
        int connections = consul.Connections();

        TimeSpan[] sorted = [.. changes.Select(static c => c.Took).Order()];
        TimeSpan at99 = sorted[(int)Math.Ceiling(sorted.Length * 0.99) - 1];
        double ratio = watching.Sum / polling.Sum;
        Say($"{s_services} services over {s_nodes} nodes, {connections} connections (10 of them may be the test's own), all known after {first.TotalMilliseconds:F0} ms");
        Say($"{sorted.Length} changes, one every {s_often.TotalSeconds} s and one every {s_seldom.TotalSeconds} s: seen within {sorted[sorted.Length / 2].TotalMilliseconds:F0} ms at the median, {at99.TotalMilliseconds:F0} ms at the 99th percentile, {sorted[^1].TotalMilliseconds:F0} ms at most");
        foreach (IGrouping<string, (TimeSpan Took, string Kind)> kind in changes.GroupBy(static c => c.Kind))
        {
            Say($"  {kind.Key}: {kind.Count()} times, at most {kind.Max(static c => c.Took).TotalMilliseconds:F0} ms");
        }

        Say($"processor time a second, of this process + of Consul: polling {polling}; watching {watching} with a change every {s_seldom.TotalSeconds} s, which is {ratio:P1} of polling; {quiet} without a change; {busy} with a change every {s_often.TotalSeconds} s, what the changes cost by themselves included");
        Assert.InRange(connections, 1, s_connections + 10);
        Assert.InRange(sorted[^1], TimeSpan.Zero, s_bar * 5);
        if (s_long)
        {
            Assert.InRange(at99, TimeSpan.Zero, s_bar);
            Assert.InRange(ratio, 0, 0.1);
        }
    }

    /// <summary>Changes the catalog at a steady rate, and notes when each change was seen by whoever watches.</summary>
    private static async Task<List<(TimeSpan Took, string Kind)>> ChangeAsync(ScaledCatalog catalog, Random random, TimeSpan every, SeenBalancer? seen)
    {
        List<(TimeSpan Took, string Kind)> changes = [];
        using var timer = new PeriodicTimer(every);
        for (long begin = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begin) < s_duration;)
        {
            (int service, string kind) = await catalog.ChangeAsync(random);
            long changed = TimeProvider.System.GetTimestamp();
            string host = ScaledCatalog.Host(service);
            string state = catalog.State(service);
            while (seen?.Sees(host, state) == false && TimeProvider.System.GetElapsedTime(changed) < s_bar * 5)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
            }

            changes.Add((TimeProvider.System.GetElapsedTime(changed), kind));
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return changes;
    }

    private static async Task<Cost> CostAsync(ConsulServer consul, Func<Task> run)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan own = self.TotalProcessorTime;
        TimeSpan theirs = consul.ProcessorTime;
        await run();
        self.Refresh();
        return new Cost(self.TotalProcessorTime - own, consul.ProcessorTime - theirs);
    }

    private void Say(FormattableString line)
    {
        output.WriteLine(FormattableString.Invariant(line));
        if (s_long)
        {
            Console.WriteLine(FormattableString.Invariant(line));
        }
    }

    /// <summary>The processor time of a phase.</summary>
    private readonly record struct Cost(TimeSpan Own, TimeSpan Theirs)
    {
        public TimeSpan Sum => Own + Theirs;

        public static Cost operator -(Cost left, Cost right) => new(left.Own - right.Own, left.Theirs - right.Theirs);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Own / s_duration * 1000:F1} + {Theirs / s_duration * 1000:F1} ms");
    }

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("ok") });
    }
}
