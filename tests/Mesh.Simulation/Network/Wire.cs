namespace Mesh.Simulation.Network;

/// <summary>The connections from one process to one site.</summary>
internal sealed class Wire(Site site, ServiceTimes latency, Random random) : HttpMessageHandler
{
    /// <summary>Called for each request.</summary>
    public Action? OnSent { get; init; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        OnSent?.Invoke();
        return new Exchange(request, site, latency, random).SendAsync(cancellationToken);
    }
}
