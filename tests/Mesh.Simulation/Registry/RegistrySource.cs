using System.Runtime.CompilerServices;
using Mesh.Client.Discovery;
using Mesh.Client.Model;

namespace Mesh.Simulation.Registry;

/// <summary>The way of one process to the registry: it asks once, and waits for news that never come. What it does when it is turned away is the engine's.</summary>
internal sealed class RegistrySource(SimulatedRegistry registry, Random random, Action onAnswer) : IEndpointSource
{
    public string Name => "Registry";

    public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EndpointUpdate answer = await registry.AskAsync(random).ConfigureAwait(false);
        onAnswer();
        yield return answer;
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(false);
    }
}
