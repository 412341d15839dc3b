using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Network;

/// <summary>A server: so many requests are worked on at a time, the others wait in line. It goes on with what its caller has given up.</summary>
internal sealed class SimulatedServer(World world, string host, int workers, ServiceTimes times, Random random)
{
    private readonly Queue<IServed> _line = new();

    public string Host => host;

    public VirtualClock Clock => world.Clock;

    public int Workers => workers;

    /// <summary>How many times longer everything takes here.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>Whether every request is answered with 503 at once.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Whether nothing answers at its address.</summary>
    public bool IsGone { get; set; }

    /// <summary>Requests that are being worked on.</summary>
    public int Busy { get; private set; }

    /// <summary>Requests that wait.</summary>
    public int Waiting => _line.Count;

    /// <summary>Requests that came.</summary>
    public long Arrived { get; private set; }

    /// <summary>The mean time that a request takes here, in ticks.</summary>
    public double MeanTime => times.Mean * Slowness;

    /// <summary>When a request that came now would be done, at the mean, as somebody sees it who knows everything.</summary>
    public double ExpectedDone(int alsoOnTheWay)
    {
        int ahead = Busy + Waiting + alsoOnTheWay;
        return MeanTime * (1 + (ahead < workers ? 0 : (double)(ahead - workers + 1) / workers));
    }

    /// <summary>A request came.</summary>
    public void Accept(IServed request)
    {
        Arrived++;
        if (Busy == workers)
        {
            _line.Enqueue(request);
        }
        else
        {
            Start(request);
        }
    }

    private void Start(IServed request)
    {
        Busy++;
        Clock.After((long)(times.Draw(random) * Slowness), new Work(this, request));
    }

    private sealed class Work(SimulatedServer server, IServed request) : IMoment
    {
        public void Happen()
        {
            server.Busy--;
            if (server._line.TryDequeue(out IServed? next))
            {
                server.Start(next);
            }

            request.Done();
        }
    }
}
