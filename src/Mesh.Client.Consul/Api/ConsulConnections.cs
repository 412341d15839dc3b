namespace Mesh.Client.Consul.Api;

/// <summary>The connections to Consul: a pool of their own, bounded, outside of the mesh and its telemetry.</summary>
internal static class ConsulConnections
{
    public static HttpMessageInvoker Create(ConsulPolicy policy)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        };
        policy.ConfigureHandler?.Invoke(handler);
        return new HttpMessageInvoker(handler);
    }
}
