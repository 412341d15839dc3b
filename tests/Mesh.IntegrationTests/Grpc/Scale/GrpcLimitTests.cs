using System.Globalization;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;
using Mesh.IntegrationTests.Grpc.Support;
using Mesh.IntegrationTests.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Grpc.Scale;

/// <summary>How many, how much, how long.</summary>
[Collection(typeof(OnTheWire))]
public sealed class GrpcLimitTests(ITestOutputHelper output)
{
    private const int Streams = 1000;
    private const int Large = 64 * 1024 * 1024;
    private const int Callers = 32;

    private static readonly int s_calls = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? 100_000 : 10_000;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_ManyOnOneConnection_AllAreAnswered()
    {
        await using GrpcPeer peer = await GrpcPeer.StartBreakerAsync();
        using GrpcCaller mesh = GrpcMesh.Create([peer.Address]);
        int begun = 0;
        int failed = 0;

        // One first, so that nobody makes a second connection before there is a first.
        Assert.Equal(GrpcCode.OK, (await mesh.UnaryAsync(TestService.EmptyCall, new Empty())).Code);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref begun) < s_calls)
            {
                if ((await mesh.UnaryAsync(TestService.EmptyCall, new Empty())).Code is not GrpcCode.OK)
                {
                    Interlocked.Increment(ref failed);
                }
            }
        })));

        System.Text.Json.JsonElement report = await peer.BreakerReportAsync();
        Assert.Equal(0, failed);
        Assert.Equal((s_calls, 2), (report.GetProperty("calls").GetInt32(), report.GetProperty("sessions").GetInt32()));
    }

    [Theory]
    [InlineData(PeerKind.Node)]
    [InlineData(PeerKind.Python)]
    public async Task Duplex_ManyAtOnce_AreInFlightUntilEachHasEnded(PeerKind kind)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(kind);
        InMemoryRegistry registry = new();
        registry.Set("orders", peer.Endpoint);
        ServiceCollection services = new();
        services.AddHttpClient("orders");
        services.AddMesh(mesh => mesh.AddInMemoryRegistry(registry).AddService("orders", static o => o.Timeout = TimeSpan.FromMinutes(1)));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IMeshStatus status = provider.GetRequiredService<IMeshStatus>();
        using GrpcCaller caller = new(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"), "http://orders");
        int InFlight() => (int)status.GetServices().SelectMany(static s => s.Endpoints).Sum(static e => e.InFlight);

        GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse>[] calls = [.. Enumerable.Range(0, Streams).Select(_ => caller.Streaming(TestService.FullDuplexCall))];
        StreamingOutputCallRequest request = new() { ResponseParameters = { new ResponseParameters { Size = 1 } } };
        bool[] answered = await Task.WhenAll(calls.Select(async call => await call.WriteAsync(request) && await call.ReadAsync() is not null));

        Assert.DoesNotContain(false, answered);
        Assert.Equal((Streams, Streams), (InFlight(), (await peer.ReportAsync()).Open));

        // A third ends well, a third is cancelled, a third is just let go of.
        for (int i = 0; i < Streams; i++)
        {
            switch (i % 3)
            {
                case 0:
                    calls[i].Complete();
                    Assert.Empty(await calls[i].AllAsync());
                    Assert.Equal(GrpcCode.OK, calls[i].Status!.Value.Code);
                    break;
                case 1:
                    calls[i].Cancel();
                    break;
            }

            calls[i].Dispose();
        }

        await Until.HoldsAsync(() => InFlight() == 0);
        await peer.IdleAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LargeMessage_BothWays_TakesNoMemoryOfItsSize(bool isStream)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(PeerKind.Node);
        using HttpMessageInvoker invoker = new(GrpcMesh.CreateHandler([peer.Address]));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Ended);
        Task<long> most = MostAsync(end.Token);

        using HttpRequestMessage request = GrpcLargeContent.Request($"http://{GrpcMesh.Host}{TestService.UnaryCall.Path}", Large, isStream);
        using HttpResponseMessage response = await invoker.SendAsync(request, Ended);
        long received = 0;
        await using (Stream body = await response.Content.ReadAsStreamAsync(Ended))
        {
            byte[] buffer = new byte[64 * 1024];
            for (int read = await body.ReadAsync(buffer, Ended); read > 0; read = await body.ReadAsync(buffer, Ended))
            {
                received += read;
            }
        }

        await end.CancelAsync();
        long grown = await most - before;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"64 MB out and {received / 1048576} MB in: at most {grown / 1048576.0:0.0} MB more in use"));
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.InRange(received, Large, Large + 100);
        Assert.InRange(grown, long.MinValue, Large / 4);
    }

    private static async Task<long> MostAsync(CancellationToken end)
    {
        long most = 0;
        while (!end.IsCancellationRequested)
        {
            // What is in use, not what waits to be collected.
            most = Math.Max(most, await Task.Run(static () => GC.GetTotalMemory(forceFullCollection: true), CancellationToken.None));
        }

        return most;
    }
}
