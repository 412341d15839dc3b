using Mesh.Client.Model;

namespace Mesh.Client.Tests.Limits.Adaptive;

public sealed class AdaptiveLimitSimulationTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(ServiceTimes.Deterministic, 10)]
    [InlineData(ServiceTimes.Exponential, 10)]
    [InlineData(ServiceTimes.LogNormal, 10)]
    [InlineData(ServiceTimes.TwoKinds, 10)]
    [InlineData(ServiceTimes.Exponential, 1)]
    [InlineData(ServiceTimes.Exponential, 100)]
    public void Limit_UnderAConstantOverload_DoesNotClimb(string distribution, int servers)
    {
        var simulation = new QueueSimulation(servers, servers * 0.001, distribution);
        double unloaded = Unloaded(distribution, servers);
        simulation.PerSecond = 1.25 * simulation.Capacity;

        simulation.Run(Minute);
        SimulatedSpan[] minutes = [.. Enumerable.Range(0, 10).Select(_ => simulation.Run(Minute))];

        double goodput = minutes.Average(static m => m.Goodput) / simulation.Capacity;
        double p99 = minutes.Max(static m => m.P99) / unloaded;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{distribution}, {servers} servers: limits {string.Join(' ', minutes.Select(static m => m.Limit))}, goodput {goodput:P1} of capacity, p99 {p99:F2} x unloaded, baseline {simulation.Adaptive.Baseline.TotalMilliseconds:F2} ms");
        Assert.InRange(minutes[^3..].Average(static m => m.Limit), 0, 1.25 * Math.Max(8, minutes[..3].Average(static m => m.Limit)));
        Assert.All(minutes, m => Assert.InRange(m.Limit, 1, Math.Max(12, 2.5 * servers)));
        Assert.InRange(goodput, 0.9, 1.01);
        Assert.True(servers == 1 || p99 < 3, $"p99 is {p99} x the unloaded one");
    }

    [Theory]
    [InlineData(ServiceTimes.Deterministic)]
    [InlineData(ServiceTimes.Exponential)]
    [InlineData(ServiceTimes.LogNormal)]
    public void Baseline_AfterASlowHour_Recovers(string distribution)
    {
        var simulation = new QueueSimulation(10, 0.05, distribution) { PerSecond = 160 };
        simulation.Run(5 * Minute);
        TimeSpan before = simulation.Adaptive.Baseline;

        simulation.MeanSeconds = 0.2;
        SimulatedSpan slow = simulation.Run(60 * Minute);
        TimeSpan during = simulation.Adaptive.Baseline;
        simulation.MeanSeconds = 0.05;
        simulation.Run(2 * Minute);
        SimulatedSpan after = simulation.Run(2 * Minute);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{distribution}: baseline {before.TotalMilliseconds:F1}, {during.TotalMilliseconds:F1}, {simulation.Adaptive.Baseline.TotalMilliseconds:F1} ms, limit in the slow hour {slow.Limit}, goodput there {slow.Goodput:F1} of 50/s, after {after.Goodput / 160:P1}");
        Assert.InRange(slow.Goodput, 45, 51);
        Assert.InRange(slow.Limit, 5, 30);
        Assert.InRange(simulation.Adaptive.Baseline / before, 0.7, 1.4);
        Assert.InRange(after.Goodput, 0.97 * 160, 1.03 * 160);
    }

    [Fact]
    public void Limit_CallsThatNeedIt_RisesToWhatTheyNeed()
    {
        var simulation = new QueueSimulation(100, 0.05, ServiceTimes.Exponential) { PerSecond = 1_500 };

        simulation.Run(2 * Minute);
        SimulatedSpan span = simulation.Run(Minute);

        Assert.InRange(span.Goodput / span.Arrivals * span.Seconds, 0.97, 1);
        Assert.InRange(span.Limit, 80, 300);
    }

    [Fact]
    public void Limit_FewCalls_DoesNotMove()
    {
        var simulation = new QueueSimulation(100, 0.05, ServiceTimes.Exponential, new ConcurrencyPolicy { Adaptive = true, Limit = 100 }) { PerSecond = 200 };

        SimulatedSpan span = simulation.Run(5 * Minute);

        Assert.Equal(100, span.Limit);
        Assert.Equal(span.Arrivals, span.Latencies.Count, 40.0);
    }

    [Fact]
    public void InFlight_AfterTheLastCall_IsNothing()
    {
        var simulation = new QueueSimulation(10, 0.01, ServiceTimes.Exponential) { PerSecond = 2_000 };
        simulation.Run(Minute);

        simulation.PerSecond = 1e-9;
        simulation.Run(Minute);

        Assert.Equal(0, simulation.InFlight);
    }

    private static double Unloaded(string distribution, int servers)
    {
        var simulation = new QueueSimulation(servers, servers * 0.001, distribution) { PerSecond = 50 };
        return simulation.Run(Minute).P99;
    }
}
