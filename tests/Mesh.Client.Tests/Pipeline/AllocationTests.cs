using System.Diagnostics;
using System.Net;
using Mesh.Client.Http;
using Mesh.Client.Inbound;
using Mesh.Client.Pipeline;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>Bytes are exact where nanoseconds are not: one more on the path of a call fails here.</summary>
[Collection(Alone.Name)]
public sealed class AllocationTests
{
    private const int Calls = 2_000;

    [Fact]
    public async Task SendAsync_TransportAnswersAtOnce_AddsTheTaskOfTheCallAndNothingElse()
    {
        Assert.SkipWhen(IsDebugBuild(), "bytes are those of an optimised build: run the tests with -c Release");
        using HttpMessageHandler mesh = Mesh(new AtOnce());
        long direct = await BytesOfACallAsync(new AtOnce());
        long through = await BytesOfACallAsync(mesh);

        Assert.Equal(72, through - direct);
    }

    [Fact]
    public async Task SendAsync_TransportWaits_AddsOneStateMachineAndOneRegistration()
    {
        Assert.SkipWhen(IsDebugBuild(), "bytes are those of an optimised build: run the tests with -c Release");
        using HttpMessageHandler mesh = Mesh(new Waiting());
        long direct = await BytesOfACallAsync(new Waiting());
        long through = await BytesOfACallAsync(mesh);

        Assert.InRange(through - direct, 1, 400);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendAsync_WhileARequestInNoLaneIsServed_AddsNoMore(bool hasLanes)
    {
        Assert.SkipWhen(IsDebugBuild(), "bytes are those of an optimised build: run the tests with -c Release");
        await using ServiceProvider provider = new ServiceCollection()
            .AddMesh(mesh => mesh
                .AddService("orders", orders =>
                {
                    orders.Endpoints.Add(new() { Address = "http://10.0.0.1:80" });
                    if (hasLanes)
                    {
                        orders.Endpoints.Add(new() { Address = "http://10.0.0.2:80", Labels = { ["lane"] = "blue" } });
                    }
                })
                .ConfigureDiscovery(static discovery => discovery.CacheDirectory = "")
                .UseRandom(new SeededRandom(1))
                .UseTransport(static _ => new AtOnce()))
            .BuildServiceProvider();
        var context = provider.GetRequiredService<InboundContext>();
        context.Serve();
        context.Enter(new InboundRequest());
        using var mesh = new MeshHandler(provider.GetRequiredService<MeshServices>(), provider.GetRequiredService<MeshPipeline>(), new AtOnce(), isTransport: false, new CallerContext());

        long direct = await BytesOfACallAsync(new AtOnce());
        long through = await BytesOfACallAsync(mesh);

        Assert.Equal(72, through - direct);
    }

    [Fact]
    public async Task SendAsync_UnaryGrpcCall_AddsExactlyTheContentsAroundBothBodies()
    {
        Assert.SkipWhen(IsDebugBuild(), "bytes are those of an optimised build: run the tests with -c Release");
        using HttpMessageHandler mesh = Mesh(new GrpcServerStub(waits: false));
        long direct = await BytesOfAGrpcCallAsync(new GrpcServerStub(waits: false));
        long through = await BytesOfAGrpcCallAsync(mesh);

        Assert.Equal(672, through - direct);
    }

    [Fact]
    public async Task SendAsync_UnaryGrpcCallThatWaits_AddsOneStateMachineMore()
    {
        Assert.SkipWhen(IsDebugBuild(), "bytes are those of an optimised build: run the tests with -c Release");
        using HttpMessageHandler mesh = Mesh(new GrpcServerStub(waits: true));
        long direct = await BytesOfAGrpcCallAsync(new GrpcServerStub(waits: true));
        long through = await BytesOfAGrpcCallAsync(mesh);

        // Other threads allocate a byte now and then.
        Assert.InRange(through - direct, 792, 808);
    }

    private static HttpMessageHandler Mesh(HttpMessageHandler transport) => MeshHandlerFactory.Create(mesh => mesh
        .AddService("orders", orders => orders.Endpoints.Add(new() { Address = "http://10.0.0.1:80" }))
        .UseRandom(new SeededRandom(1))
        .UseTransport(_ => transport));

    private static async Task<long> BytesOfACallAsync(HttpMessageHandler handler)
    {
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var caller = new CancellationTokenSource();
        var requests = Enumerable.Range(0, Calls).Select(static i => new HttpRequestMessage(HttpMethod.Get, $"http://orders/{i}")).ToArray();
        foreach (HttpRequestMessage request in requests)
        {
            // Everything that is worked out once for each request is worked out here.
            await invoker.SendAsync(request, caller.Token);
        }

        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            foreach (HttpRequestMessage request in requests)
            {
                await invoker.SendAsync(request, caller.Token);
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
        }

        return least;
    }

    // A unary call of gRPC: a body of which nobody knows the length, and a reply with its status after it, read as a stream to its end.
    private static async Task<long> BytesOfAGrpcCallAsync(HttpMessageHandler handler)
    {
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var uri = new Uri("http://orders/shop.Orders/Get");
        byte[] buffer = new byte[256];
        await CallAsync();

        long least = long.MaxValue;
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await CallAsync();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
        }

        return least;

        async Task CallAsync()
        {
            for (int i = 0; i < Calls; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new GrpcMessage() };
                using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);
                using Stream body = await response.Content.ReadAsStreamAsync();
                while (await body.ReadAsync(buffer) > 0)
                {
                }
            }
        }
    }

    private static bool IsDebugBuild() =>
        typeof(MeshException).Assembly.GetCustomAttributes(typeof(DebuggableAttribute), false) is [DebuggableAttribute { IsJITOptimizerDisabled: true }];

    private sealed class AtOnce : HttpMessageHandler
    {
        private readonly Task<HttpResponseMessage> _response = Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[100]) });

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _response;
    }

    private sealed class Waiting : HttpMessageHandler
    {
        private readonly HttpResponseMessage _response = new(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[100]) };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return _response;
        }
    }

    private sealed class GrpcServerStub(bool waits) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            if (waits)
            {
                await Task.Yield();
            }

            var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new StreamContent(new MemoryStream(GrpcMessage.Bytes, writable: false)) };
            response.Headers.TryAddWithoutValidation("Server", "Kestrel");
            response.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
            response.TrailingHeaders.TryAddWithoutValidation("grpc-status", "0");
            return response;
        }
    }

    private sealed class GrpcMessage : HttpContent
    {
        public static readonly byte[] Bytes = [0, 0, 0, 0, 100, .. new byte[100]];

        public GrpcMessage() => Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(Bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
