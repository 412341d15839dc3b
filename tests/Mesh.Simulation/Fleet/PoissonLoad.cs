using Mesh.Simulation.Figures;
using Mesh.Simulation.Network;
using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Fleet;

/// <summary>Calls of one process that come whether the ones before were answered or not, at random times.</summary>
internal sealed class PoissonLoad : IMoment
{
    private readonly VirtualClock _clock;
    private readonly IProcess _process;
    private readonly Calls _calls;
    private readonly Random _random;
    private readonly double _mean;

    /// <summary>Begins to call.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="process">Whoever calls.</param>
    /// <param name="perSecond">How often.</param>
    /// <param name="calls">Takes what became of the calls.</param>
    /// <param name="random">Its chance.</param>
    public PoissonLoad(VirtualClock clock, IProcess process, double perSecond, Calls calls, Random random)
    {
        _clock = clock;
        _process = process;
        _calls = calls;
        _random = random;
        _mean = TimeSpan.TicksPerSecond / perSecond;
        Next();
    }

    /// <summary>No more calls.</summary>
    public bool IsOver { get; set; }

    public void Happen()
    {
        if (!IsOver)
        {
            Next();
            _ = CallAsync();
        }
    }

    private void Next() => _clock.After(ServiceTimes.Exponential(_random, _mean), this);

    private async Task CallAsync()
    {
        _calls.Begun++;
        long started = _clock.Now;
        bool succeeded = await _process.CallAsync().ConfigureAwait(false);
        _calls.Add(started, _clock.Now, succeeded);
    }
}
