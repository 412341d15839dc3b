using Quickstart.Measuring;
using Quickstart.Orders;

namespace Quickstart.Story;

/// <summary>All that the steps of the story act on and read.</summary>
internal sealed record Scene(
    RunClock Clock, OrdersFleet Orders, CallLog Calls, MeshLog Log, DialLog Dials, PolicyFile Policy, CancellationToken Stopping)
{
    private volatile string _title = "";

    /// <summary>What happens now.</summary>
    public string Title => _title;

    /// <summary>The part of the calls that each instance would get if all that can answer were alike.</summary>
    public double FairShare => 1.0 / Orders.Instances.Count(i => i.Condition is Condition.Healthy or Condition.Slow);

    public Task PlayAsync(IStep step)
    {
        _title = step.Title;
        return step.RunAsync(this);
    }

    /// <summary>Lets things go on as they are.</summary>
    /// <returns>The calls of that time.</returns>
    public async Task<CallWindow> HoldAsync(double seconds)
    {
        TimeSpan from = Clock.Now;
        await Task.Delay(TimeSpan.FromSeconds(seconds), Stopping);
        return Calls.Between(from, Clock.Now);
    }

    /// <summary>Lets things go on until something is so, or for as long as that may take.</summary>
    public async Task HoldUntilAsync(Func<bool> isSo, double atMostSeconds)
    {
        TimeSpan end = Clock.Now + TimeSpan.FromSeconds(atMostSeconds);
        while (!isSo() && Clock.Now < end)
        {
            await HoldAsync(0.05);
        }
    }
}
