using System.Buffers;
using Mesh.Client.Consul;
using Mesh.Client.Consul.Discovery;

namespace Mesh.IntegrationTests.Consul.Scale;

/// <summary>What the shared watch is measured against: each service asked for once a second, read by the same code.</summary>
internal static class Poller
{
    private const int Connections = 50;

    public static async Task RunAsync(string address, int services, TimeSpan duration)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { MaxConnectionsPerServer = Connections, UseProxy = false, ActivityHeadersPropagator = null });
        var policy = new ConsulPolicy();
        long start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (TimeProvider.System.GetElapsedTime(start) < duration && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            await Parallel.ForAsync(0, services, new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = TestContext.Current.CancellationToken }, async (service, ended) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{address}/v1/health/service/{ScaledCatalog.Name(service)}?stale");
                using HttpResponseMessage response = await http.SendAsync(request, ended);
                await using Stream body = await response.Content.ReadAsStreamAsync(ended);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
                int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ended);
                InstanceReader.Read(buffer.AsSpan(0, length), policy);
                ArrayPool<byte>.Shared.Return(buffer);
            });
        }
    }
}
