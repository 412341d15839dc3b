using Polyglot.Story.Measuring;
using Polyglot.Story.Processes;
using Shop.Story.Measuring;
using Shop.Story.Processes;

namespace Polyglot.Story.Steps;

/// <summary>All that the steps act on and read.</summary>
/// <param name="Clock">The time of this run.</param>
/// <param name="Consul">The registry.</param>
/// <param name="Fleet">The instances.</param>
/// <param name="Calls">What the customers saw.</param>
/// <param name="Hold">How long a state lasts that is to be looked at.</param>
/// <param name="Stopping">Somebody stops the run.</param>
internal sealed record Scene(RunClock Clock, ConsulAgent Consul, PolyglotFleet Fleet, CallLog Calls, TimeSpan Hold, CancellationToken Stopping)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    public void Say(string what) => Console.WriteLine($"{Clock.Now.TotalSeconds,5:0.0} s  {what}");

    /// <summary>Lets things go on as they are.</summary>
    public Task HoldAsync() => Task.Delay(Hold, Stopping);

    /// <summary>Lets things go on until something is so, or for as long as that may take.</summary>
    public Task<bool> UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    /// <summary>Lets things go on until a service has so many instances that may be called, or for as long as that may take.</summary>
    public Task<bool> UntilListedAsync(string service, int count) => UntilAsync(async () => await Consul.CountAsync(service, Stopping) == count);

    /// <summary>Waits until every instance is listed in Consul, or for as long as that may take.</summary>
    public async Task<bool> UntilAllAreListedAsync()
    {
        foreach (IGrouping<string, string> service in Fleet.Names.GroupBy(n => n.Split('-')[0]))
        {
            if (!await UntilListedAsync(service.Key, service.Count()))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> UntilAsync(Func<Task<bool>> isSo)
    {
        for (TimeSpan end = Clock.Now + s_patience; !await isSo();)
        {
            if (Clock.Now > end)
            {
                return false;
            }

            await Task.Delay(s_tick, Stopping);
        }

        return true;
    }
}
