using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Mesh.Client.Inbound;
using Mesh.Client.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Lanes;

/// <summary>The one header that arrives at a real server: what the user wrote, what the runtime adds of its activity, and the lane.</summary>
[Collection(Alone.Name)]
public sealed class BaggageOnTheWireTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ConcurrentQueue<HttpStatusCode> _answers = new();
    private WebApplication? _server;
    private ServiceProvider? _provider;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(context =>
        {
            _seen.Enqueue(string.Join(" | ", context.Request.Headers["baggage"].ToArray()));
            context.Response.StatusCode = (int)(_answers.TryDequeue(out HttpStatusCode status) ? status : HttpStatusCode.OK);
            return Task.CompletedTask;
        });
        await _server.StartAsync(Token);
        var registry = new InMemoryRegistry();
        registry.Set("orders", $"127.0.0.1:{Port}");
        var services = new ServiceCollection();
        services.AddMesh(mesh => mesh.AddInMemoryRegistry(registry).AddService("orders", static orders => orders.Retry.BaseDelay = orders.Retry.MaxDelay = TimeSpan.Zero));
        services.AddHttpClient("test");
        _provider = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _provider!.DisposeAsync();
    }

    [Theory]
    [InlineData(null, null, null, "")]
    [InlineData(null, null, "a=b", "a=b")]
    [InlineData(null, "k=v", null, "k = v")]
    [InlineData(null, "k=v", "a=b", "a=b")]
    [InlineData("blue", null, null, "mesh-lane=blue")]
    [InlineData("blue", null, "a=b;p=1, c", "mesh-lane=blue,a=b;p=1,c")]
    [InlineData("blue", "k=v", null, "mesh-lane=blue,k = v")]
    [InlineData("blue", "k=v", "a=b", "mesh-lane=blue,a=b")]
    [InlineData("blue", "mesh-lane=blue", null, "mesh-lane=blue")]
    [InlineData("blue", "mesh-lane=stale,k=v", null, "mesh-lane=blue,k = v")]
    [InlineData("blue", "mesh-lane=stale", "mesh-lane=own", "mesh-lane=own")]
    public async Task Header_OfAnyOrigin_IsOneAndStaysSoWhenACallIsRetried(string? lane, string? activity, string? own, string expected)
    {
        _answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        _answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        Serve(lane);
        using Activity? current = Start(activity);

        using HttpResponseMessage response = await SendAsync("http://orders/", own);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([expected, expected, expected], _seen);
    }

    [Fact]
    public async Task Header_ThatInstrumentationWritesOver_StillNamesTheLane()
    {
        using var instrumentation = new OverwritingListener("from=elsewhere");
        Serve("blue");
        using Activity? current = Start("k=v");

        using HttpResponseMessage response = await SendAsync("http://orders/", "a=b");

        Assert.Equal(["mesh-lane=blue,from=elsewhere"], _seen);
    }

    [Fact]
    public async Task Header_ToAHostOutsideOfTheMesh_IsTheRuntimesAlone()
    {
        Serve("blue");
        using Activity? current = Start("k=v");

        using HttpResponseMessage response = await SendAsync($"http://127.0.0.1:{Port}/", null);

        Assert.Equal(["k = v"], _seen);
    }

    [Fact]
    public async Task Calls_InNoLaneWithAnActivity_AllocateAsMuchAsWithoutTheMeshsPropagator()
    {
        var context = _provider!.GetRequiredService<InboundContext>();
        Serve(null);
        DistributedContextPropagator plain = DistributedContextPropagator.Current;
        var ours = new Mesh.Client.Http.LanePropagator(plain, context);
        using Activity? current = Start("k=v");
        await Task.Yield();

        Assert.Equal(Bytes(plain), Bytes(ours));

        long Bytes(DistributedContextPropagator propagator)
        {
            long least = long.MaxValue;
            for (int i = 0; i < 5; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                propagator.Inject(current, this, static (_, _, _) => { });
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            return least;
        }
    }

    private int Port => new Uri(_server!.Urls.Single()).Port;

    private static Activity? Start(string? baggage)
    {
        if (baggage is null)
        {
            return null;
        }

        var activity = new Activity("test");
        foreach (string member in baggage.Split(','))
        {
            activity.AddBaggage(member.Split('=')[0], member.Split('=')[1]);
        }

        return activity.Start();
    }

    private void Serve(string? lane)
    {
        var context = _provider!.GetRequiredService<InboundContext>();
        context.Serve();
        context.Enter(new InboundRequest { Lane = lane });
    }

    private Task<HttpResponseMessage> SendAsync(string uri, string? own)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (own is not null)
        {
            request.Headers.TryAddWithoutValidation("baggage", own);
        }

        return _provider!.GetRequiredService<IHttpClientFactory>().CreateClient("test").SendAsync(request, Token);
    }

    // As the instrumentation of OpenTelemetry does, which writes its own baggage into each request.
    private sealed class OverwritingListener : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly List<IDisposable> _subscriptions = [];
        private readonly string _baggage;

        public OverwritingListener(string baggage)
        {
            _baggage = baggage;
            _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "HttpHandlerDiagnosticListener")
            {
                _subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == "System.Net.Http.HttpRequestOut.Start" && value.Value!.GetType().GetProperty("Request")!.GetValue(value.Value) is HttpRequestMessage request)
            {
                request.Headers.Remove("baggage");
                request.Headers.TryAddWithoutValidation("baggage", _baggage);
            }
        }

        public void Dispose() => _subscriptions.ForEach(static s => s.Dispose());

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
