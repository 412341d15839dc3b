namespace Mesh.Simulation.Network;

/// <summary>The connections from one process to one server.</summary>
internal sealed class Wire(SimulatedServer server, ServiceTimes latency, Random random) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        new Exchange(server, latency, random).SendAsync(cancellationToken);
}
