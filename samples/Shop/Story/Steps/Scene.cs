using Shop.Story.Measuring;
using Shop.Story.Processes;

namespace Shop.Story.Steps;

/// <summary>All that the steps act on and read.</summary>
/// <param name="Clock">The time of this run.</param>
/// <param name="Consul">The registry.</param>
/// <param name="Shop">The instances.</param>
/// <param name="Calls">What the customers saw.</param>
/// <param name="Hold">How long a state lasts that is to be looked at.</param>
/// <param name="Stopping">Somebody stops the run.</param>
internal sealed record Scene(RunClock Clock, ConsulAgent Consul, ShopFleet Shop, CallLog Calls, TimeSpan Hold, CancellationToken Stopping)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    public void Say(string what) => Console.WriteLine($"{Clock.Now.TotalSeconds,5:0.0} s  {what}");

    /// <summary>Lets things go on as they are.</summary>
    public Task HoldAsync() => Task.Delay(Hold, Stopping);

    /// <summary>Lets things go on until something is so, or for as long as that may take.</summary>
    public async Task<bool> UntilAsync(Func<bool> isSo)
    {
        for (TimeSpan end = Clock.Now + s_patience; !isSo();)
        {
            if (Clock.Now > end)
            {
                return false;
            }

            await Task.Delay(s_tick, Stopping);
        }

        return true;
    }

    /// <summary>Waits until every instance is listed in Consul, or for as long as that may take.</summary>
    public async Task UntilAllAreListedAsync()
    {
        for (TimeSpan end = Clock.Now + s_patience; Clock.Now < end; await Task.Delay(s_tick, Stopping))
        {
            int[] counts = await Task.WhenAll(Consul.CountAsync("web", Stopping), Consul.CountAsync("orders", Stopping), Consul.CountAsync("inventory", Stopping));
            if (counts.Sum() == Shop.Names.Count)
            {
                return;
            }
        }
    }
}
