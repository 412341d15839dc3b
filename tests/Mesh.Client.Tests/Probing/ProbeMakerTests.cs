using System.Net;
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

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "\"orders.v1.Orders\" is NOT_SERVING")]
    [InlineData(0, "\"orders.v1.Orders\" is UNKNOWN")]
    public async Task Create_Grpc_ChecksTheServiceOverHttp2(byte status, string? fault)
    {
        HttpRequestMessage? asked = null;
        TransportPolicy? policy = null;
        var maker = new ProbeMaker(
            "orders",
            (_, transport) =>
            {
                policy = transport;
                return new RecordingHandler(request =>
                {
                    asked = request;
                    var response = new HttpResponseMessage { Content = new ByteArrayContent([0, 0, 0, 0, 2, 8, status]) };
                    response.TrailingHeaders.Add("grpc-status", "0");
                    return response;
                });
            },
            dial: null);
        HealthCheckPolicy check = new() { Type = HealthCheckType.Grpc, Path = "orders.v1.Orders" };

        using IProbe probe = maker.Create(new ProbePlan(new MeshEndpoint("10.0.0.1", 8080), check, new TransportPolicy { HttpVersion = HttpVersion.Version11 }));

        Assert.True(maker.CanMake(HealthCheckType.Grpc));
        Assert.Equal(fault, await probe.AskAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("http://orders/grpc.health.v1.Health/Check", HttpVersion.Version20), (asked!.RequestUri!.AbsoluteUri, asked.Version));
        Assert.Equal(("2000000u", null), (asked.Headers.GetValues("grpc-timeout").Single(), policy!.HttpVersion));
    }

    [Theory]
    [InlineData("12", null)]
    [InlineData("5", "\"\" is unknown to the server's health service")]
    [InlineData("14", "/grpc.health.v1.Health/Check answered Unavailable")]
    [InlineData("x", "/grpc.health.v1.Health/Check answered Unknown")]
    public async Task Create_GrpcAnsweredByAStatusAlone_IsWellOnlyWithoutAHealthService(string status, string? fault)
    {
        var maker = new ProbeMaker(
            "orders",
            (_, _) => new RecordingHandler(_ =>
            {
                var response = new HttpResponseMessage();
                response.Headers.Add("grpc-status", status);
                return response;
            }),
            dial: null);

        using IProbe probe = maker.Create(new ProbePlan(new MeshEndpoint("10.0.0.1", 8080), new HealthCheckPolicy { Type = HealthCheckType.Grpc, Path = "" }, new TransportPolicy()));

        Assert.Equal(fault, await probe.AskAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(404, 0, "/grpc.health.v1.Health/Check answered HTTP 404")]
    [InlineData(200, 4096, "/grpc.health.v1.Health/Check answered without end")]
    [InlineData(200, 7, "/grpc.health.v1.Health/Check answered Unknown")]
    public async Task Create_GrpcAnsweredByNoGrpc_IsUnwell(int status, int length, string fault)
    {
        var maker = new ProbeMaker("orders", (_, _) => new RecordingHandler(_ => new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(new byte[length]) }), dial: null);

        using IProbe probe = maker.Create(new ProbePlan(new MeshEndpoint("10.0.0.1", 8080), new HealthCheckPolicy { Type = HealthCheckType.Grpc, Path = "" }, new TransportPolicy()));

        Assert.Equal(fault, await probe.AskAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void CanMake_TcpWithoutConnections_IsNot() =>
        Assert.False(new ProbeMaker("orders", static (_, _) => new RecordingHandler(), dial: null).CanMake(HealthCheckType.Tcp));
}
