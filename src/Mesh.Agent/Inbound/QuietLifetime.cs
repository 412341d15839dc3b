using Microsoft.Extensions.Hosting;

namespace Mesh.Agent.Inbound;

/// <summary>Leaves the signals to the host of the agent, which stops the others in their order.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
