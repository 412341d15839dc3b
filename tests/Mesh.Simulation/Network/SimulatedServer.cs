using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Network;

/// <summary>A server: so many requests are worked on at a time, the others wait in line. It goes on with what its caller has given up.</summary>
internal sealed class SimulatedServer(World world, string host, int workers, ServiceTimes times, Random random) : Site(world, host)
{
    private readonly Queue<IServed> _line = new();

    public int Workers => workers;

    /// <summary>How many times longer everything takes here.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>Whether what its caller has given up is left out when its turn comes.</summary>
    public bool Looks { get; init; }

    /// <summary>Requests that are being worked on.</summary>
    public int Busy { get; private set; }

    /// <summary>Requests that wait.</summary>
    public int Waiting => _line.Count;

    /// <summary>The mean time that a request takes here, in ticks.</summary>
    public double MeanTime => times.Mean * Slowness;

    /// <summary>When a request that came now would be done, at the mean, as somebody sees it who knows everything.</summary>
    public double ExpectedDone(int alsoOnTheWay)
    {
        int ahead = Busy + Waiting + alsoOnTheWay;
        return MeanTime * (1 + (ahead < workers ? 0 : (double)(ahead - workers + 1) / workers));
    }

    /// <summary>Takes work.</summary>
    public void Work(IServed request)
    {
        if (Busy == workers)
        {
            _line.Enqueue(request);
        }
        else
        {
            Start(request);
        }
    }

    protected override void Serve(Exchange request) => Work(request);

    private void Start(IServed request)
    {
        Busy++;
        Clock.After((long)(times.Draw(random) * Slowness), new Effort(this, request));
    }

    private sealed class Effort(SimulatedServer server, IServed request) : IMoment
    {
        public void Happen()
        {
            server.Busy--;
            while (server._line.TryDequeue(out IServed? next))
            {
                if (!server.Looks || !next.IsGivenUp)
                {
                    server.Start(next);
                    break;
                }
            }

            request.Done();
        }
    }
}
