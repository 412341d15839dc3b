using Mesh.Simulation.Network;

namespace Mesh.Simulation.Fleet;

/// <summary>
/// A process that knows what nobody can know: how fast each server is, how many requests wait there and how many are on their way from whomever. Each call joins the shortest expected completion.
/// It has no engine: what it shows is the bound.
/// </summary>
internal sealed class OracleProcess(SimulatedServer[] servers, int[] onTheWay, ServiceTimes latency, Random random) : IProcess
{
    public async ValueTask<bool> CallAsync()
    {
        int best = Best();
        onTheWay[best]++;
        var exchange = new Exchange(null, servers[best], latency, random) { OnArrival = () => onTheWay[best]-- };
        using HttpResponseMessage response = await exchange.SendAsync(CancellationToken.None).ConfigureAwait(false);
        return response.IsSuccessStatusCode;
    }

    private int Best()
    {
        // From a random one on: all processes would join the first of those that are equally good.
        int first = random.Next(servers.Length);
        int best = -1;
        double soonest = double.MaxValue;
        for (int i = 0; i < servers.Length; i++)
        {
            int server = (first + i) % servers.Length;
            double done = servers[server].ExpectedDone(onTheWay[server]);
            if (done < soonest)
            {
                soonest = done;
                best = server;
            }
        }

        return best;
    }
}
