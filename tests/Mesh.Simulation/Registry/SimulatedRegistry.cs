using Mesh.Client.Model;
using Mesh.Simulation.Figures;
using Mesh.Simulation.Network;
using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Registry;

/// <summary>A registry that answers so many questions at a time, lets so many wait, and turns the others away.</summary>
internal sealed class SimulatedRegistry(World world, EndpointSet endpoints, int workers, TimeSpan answerTime, int mostWaiting)
{
    private readonly SimulatedServer _server = new(world, "registry", workers, new ServiceTimes(answerTime, 0.5), world.Chance(5_000_000));
    private readonly ServiceTimes _latency = new(TimeSpan.FromMilliseconds(0.25), 0.5);

    /// <summary>Questions by time.</summary>
    public Timeline? Asked { get; set; }

    /// <summary>Questions that were turned away.</summary>
    public long Refused { get; private set; }

    /// <summary>The most questions that waited at once.</summary>
    public int MostWaiting { get; private set; }

    public EndpointUpdate Answer { get; } = EndpointUpdate.Found(endpoints);

    /// <summary>Asks.</summary>
    /// <exception cref="HttpRequestException">It was turned away.</exception>
    public async Task<EndpointUpdate> AskAsync(Random random)
    {
        await Travel(random).ConfigureAwait(false);
        Asked?.Add(world.Clock.Now);
        if (_server.Waiting >= mostWaiting)
        {
            Refused++;
            await Travel(random).ConfigureAwait(false);
            throw new HttpRequestException("The registry is overloaded.");
        }

        MostWaiting = Math.Max(MostWaiting, _server.Waiting + 1);
        await Fleet.Workload.DoAsync(_server).ConfigureAwait(false);
        await Travel(random).ConfigureAwait(false);
        return Answer;
    }

    private Task Travel(Random random) => Task.Delay(TimeSpan.FromTicks((long)_latency.Draw(random)), world.Clock);
}
