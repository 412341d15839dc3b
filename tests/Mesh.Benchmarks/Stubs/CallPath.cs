using System.Globalization;
using Mesh.Client;
using Mesh.Client.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Benchmarks.Stubs;

/// <summary>
/// One way to make a call: an <see cref="HttpClient"/> over the stub, directly or through something. Each call has another path and reads its
/// 100 B to the end.
/// </summary>
internal sealed class CallPath : IDisposable
{
    private static readonly string[] Paths = [.. Enumerable.Range(0, 1024).Select(static i => string.Create(CultureInfo.InvariantCulture, $"/orders/{i}"))];

    private readonly HttpClient _client;
    private readonly Pump? _pump;
    private readonly bool _asStream;
    private int _next;

    private CallPath(CallShape shape, HttpMessageHandler handler, params StubTransport[] stubs)
    {
        _client = new HttpClient(handler) { BaseAddress = new Uri("http://orders") };
        if (!shape.ClientTimeout)
        {
            _client.Timeout = Timeout.InfiniteTimeSpan;
        }

        _asStream = shape.AsStream;

        // The first call waits for discovery on another thread, so it goes before the pump is there.
        _client.GetAsync(Paths[0]).GetAwaiter().GetResult().Dispose();
        _pump = shape.Pending ? new Pump() : null;
        foreach (StubTransport stub in stubs)
        {
            stub.Pump = _pump;
        }
    }

    /// <summary>The client over the stub.</summary>
    public static CallPath Direct(CallShape shape)
    {
        var stub = new StubTransport(shape.Reply, shape.WatchesToken);
        return new CallPath(shape, stub, stub);
    }

    /// <summary>The client over Polly's pipeline over the stub.</summary>
    public static CallPath Polly(CallShape shape)
    {
        var stub = new StubTransport(shape.Reply, shape.WatchesToken);
        return new CallPath(shape, new PollyHandler(stub), stub);
    }

    /// <summary>The client over the mesh with its default policy and a rate limit that lets all pass, over ten nodes, each with a stub.</summary>
    public static CallPath Mesh(CallShape shape)
    {
        StubTransport[] stubs = [.. Enumerable.Range(0, 10).Select(_ => new StubTransport(shape.Reply, shape.WatchesToken))];
        HttpMessageHandler handler = MeshHandlerFactory.Create(mesh => mesh
            .AddService("orders", orders =>
            {
                orders.RateLimits = [new RateLimitOptions { Name = "all", Permits = 1_000_000_000 }];
                orders.Hedging.Delay = shape.Hedged ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero;
                for (int i = 0; i < 10; i++)
                {
                    orders.Endpoints.Add(new EndpointOptions { Address = string.Create(CultureInfo.InvariantCulture, $"http://10.0.0.{i}:8080") });
                }
            })
            .UseTransport(endpoint => stubs[endpoint.Host[^1] - '0']));
        return new CallPath(shape, handler, stubs);
    }

    /// <summary>Makes calls, <paramref name="inFlight"/> of them at a time where the transport waits.</summary>
    public void Run(int calls, int inFlight = 1)
    {
        if (_pump is null)
        {
            RunAsync(calls).GetAwaiter().GetResult();
            return;
        }

        var callers = new Task[inFlight];
        for (int i = 0; i < inFlight; i++)
        {
            callers[i] = RunAsync(calls / inFlight);
        }

        _pump.Drain();
        foreach (Task caller in callers)
        {
            if (!caller.IsCompleted)
            {
                throw new InvalidOperationException("A call left the pump's thread: what is measured would not be the call.");
            }

            caller.GetAwaiter().GetResult();
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task RunAsync(int calls)
    {
        HttpCompletionOption completion = _asStream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead;
        for (int i = 0; i < calls; i++)
        {
            using HttpResponseMessage response = await _client.GetAsync(Paths[_next++ & (Paths.Length - 1)], completion).ConfigureAwait(false);
            if (_asStream)
            {
                using Stream body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
                await body.CopyToAsync(Stream.Null).ConfigureAwait(false);
            }
        }
    }
}
