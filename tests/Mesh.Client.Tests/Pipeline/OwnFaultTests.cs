using System.Collections.Immutable;
using System.Net;
using Mesh.Client.Balancing;
using Mesh.Client.Health;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>What goes wrong on the caller's own side is no endpoint's fault, and takes no service down.</summary>
public sealed class OwnFaultTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_ContentsThatCannotBeRead_EjectNobody()
    {
        var balancer = new Keeping();
        using var client = new HttpClient(Mesh(balancer, new Copying()));
        for (int i = 0; i < 30; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(new Uri("http://orders/"), new Unreadable(), Cancelled));
        }

        EndpointNode node = Assert.Single(balancer.Nodes);
        Assert.Equal(BreakerState.Closed, node.State);
        Assert.Equal(0, node.InFlight);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendAsync_BalancerThatMakesNoPicker_IsReplacedByTheDefault(bool throws)
    {
        using var client = new HttpClient(Mesh(new Failing(throws), new Copying()));

        using HttpResponseMessage response = await client.GetAsync(new Uri("http://orders/"), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task SendAsync_ClassifierThatThrows_LeavesNoResponseBehind()
    {
        var body = new DisposeNotingContent("body");
        using var mesh = new ScriptedMesh(mesh: static m => m.UseOutcomeClassifier(new ThrowingClassifier()));
        mesh[1].Reply(_ => new HttpResponseMessage { Content = body });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.Add(ThrowingClassifier.Header, "1");

        await Assert.ThrowsAsync<InvalidOperationException>(() => mesh.Client.SendAsync(request, Cancelled));

        Assert.True(body.IsDisposed);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task Dispose_TimersOfEarlierAttempts_AreLetGo()
    {
        ScriptedMesh mesh = new();
        int before = mesh.Clock.ActiveTimers;
        mesh[1].Delay(TimeSpan.FromSeconds(1)).Reply(HttpStatusCode.OK);
        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/", Cancelled);
        await Until.HoldsAsync(() => mesh[1].InFlight == 1);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(TimeSpan.FromSeconds(1));
        (await call).Dispose();

        mesh.Dispose();

        await Until.HoldsAsync(() => mesh.Clock.ActiveTimers <= before);
    }

    private static HttpMessageHandler Mesh(LoadBalancer balancer, HttpMessageHandler transport) => MeshHandlerFactory.Create(mesh => mesh
        .AddLoadBalancer(balancer)
        .AddService("orders", orders =>
        {
            orders.Endpoints.Add(new() { Address = "http://10.0.0.1:80" });
            orders.LoadBalancing.Policy = balancer.Name;
        })
        .UseTransport(_ => transport));

    private sealed class Copying : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await (request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        }
    }

    private sealed class Unreadable : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new IOException("the disk is gone");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class Keeping : LoadBalancer
    {
        public override string Name => "Keeping";

        public ImmutableArray<EndpointNode> Nodes { get; private set; } = [];

        public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes)
        {
            Nodes = nodes;
            return new FirstBalancer().CreatePicker(nodes);
        }
    }

    private sealed class Failing(bool throws) : LoadBalancer
    {
        public override string Name => "Failing";

        public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => throws ? throw new InvalidOperationException("broken") : null!;
    }
}
