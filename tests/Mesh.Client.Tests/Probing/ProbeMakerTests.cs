using Mesh.Client.Model;
using Mesh.Client.Probing;

namespace Mesh.Client.Tests.Probing;

public sealed class ProbeMakerTests
{
    [Theory]
    [InlineData(null, "http", 0, "http://orders/healthz", 8080)]
    [InlineData(null, "https", 0, "https://orders/healthz", 8080)]
    [InlineData("http", "https", 9000, "http://orders/healthz", 9000)]
    [InlineData("https", "http", 0, "https://orders/healthz", 8080)]
    public async Task Create_Http_AsksUnderTheLogicalNameAtTheEndpoint(string? own, string configured, int port, string uri, int dialled)
    {
        MeshEndpoint? connected = null;
        var transport = new RecordingHandler();
        var maker = new ProbeMaker(
            "orders",
            (endpoint, _) =>
            {
                connected = endpoint;
                return transport;
            },
            dial: null);
        var policy = new HealthCheckPolicy { Type = HealthCheckType.Http, Path = "/healthz", Scheme = configured, Port = port };

        using IProbe probe = maker.Create(new ProbePlan(new MeshEndpoint("10.0.0.1", 8080) { Scheme = own }, policy, new TransportPolicy()));

        Assert.Null(await probe.AskAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"GET {uri}", Assert.Single(transport.Seen));
        Assert.Equal(("10.0.0.1", dialled), (connected!.Host, connected.Port));
    }

    [Fact]
    public void CanMake_TcpWithoutConnections_IsNot() =>
        Assert.False(new ProbeMaker("orders", static (_, _) => new RecordingHandler(), dial: null).CanMake(HealthCheckType.Tcp));
}
