using System.Globalization;
using Mesh.Client.Inbound;
using Mesh.Client.Model;

namespace Mesh.Client.AspNetCore.Tests.Limits;

/// <summary>Room that adapts, under more than can be done, in simulated time.</summary>
public sealed class RoomSimulationTests
{
    private const double Seconds = 120;
    private const double WarmUp = 10;

    private static readonly ConcurrencyPolicy s_adaptive = new() { Adaptive = true };

    [Theory]
    [InlineData(8, 0.04)]
    [InlineData(50, 0.02)]
    [InlineData(200, 0.1)]
    public void Room_TenTimesTheCapacity_KeepsGoodputAndLatency(int workers, double mean)
    {
        var unloaded = new SimulatedService(workers, mean, new ConcurrencyPolicy { Limit = 1_000_000 }, seed: 1);
        unloaded.Run(unloaded.Capacity * 0.3, WarmUp, Seconds);
        var overloaded = new SimulatedService(workers, mean, s_adaptive, seed: 2);

        overloaded.Run(overloaded.Capacity * 10, WarmUp, Seconds);

        double goodput = overloaded.Done / Seconds / overloaded.Capacity;
        double slower = overloaded.P99 / unloaded.P99;
        Tell($"{workers} workers of {mean} s: goodput {goodput:P1} of the capacity, p99 {slower:F2} of the unloaded one, limit {overloaded.Limit}");
        Assert.True(goodput >= 0.9, $"goodput {goodput:P1}");
        Assert.True(slower <= 3, $"p99 {slower:F2} of the unloaded one");
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(1.2)]
    [InlineData(1.6)]
    [InlineData(3)]
    [InlineData(10)]
    public void Room_MoreThanCanBeDone_RefusesWhatMattersLeastFirst(double load)
    {
        var service = new SimulatedService(50, 0.02, s_adaptive, seed: 3);

        service.Run(service.Capacity * load, WarmUp, Seconds, (Critical: 0.2, Sheddable: 0.3));

        double critical = Part(service, InboundPriority.Critical);
        double normal = Part(service, InboundPriority.Default);
        double sheddable = Part(service, InboundPriority.Sheddable);
        Tell($"load {load}: let in {critical:P1} of the critical, {normal:P1} of the default, {sheddable:P1} of the sheddable, goodput {service.Done / Seconds / service.Capacity:P1}, limit {service.Limit}");
        Assert.True(critical >= normal && normal >= sheddable, $"{critical:P1}, {normal:P1}, {sheddable:P1}");
        Assert.True(critical >= Math.Min(0.98, 0.9 / (load * 0.2)), $"{critical:P1} of the critical requests");
    }

    private static double Part(SimulatedService service, InboundPriority priority) => (double)service.Counts[priority].Entered / service.Counts[priority].Came;

    private static void Tell(FormattableString line) => TestContext.Current.TestOutputHelper?.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
