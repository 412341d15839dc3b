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
    private readonly HttpCompletionOption _completion;
    private int _next;

    private CallPath(HttpMessageHandler handler, IReadOnlyList<StubTransport> stubs, Pump? pump, HttpCompletionOption completion)
    {
        _client = new HttpClient(handler) { BaseAddress = new Uri("http://orders") };
        _completion = completion;

        // The first call waits for discovery on another thread, so it goes before the pump is there.
        _client.GetAsync(Paths[0]).GetAwaiter().GetResult().Dispose();
        foreach (StubTransport stub in stubs)
        {
            stub.Pump = pump;
        }

        _pump = pump;
    }

    /// <summary>The client over the stub.</summary>
    public static CallPath Direct(StubReply kind, bool pending, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        var stub = new StubTransport(kind);
        return new CallPath(stub, [stub], pending ? new Pump() : null, completion);
    }

    /// <summary>The client over Polly's pipeline over the stub.</summary>
    public static CallPath Polly(StubReply kind, bool pending)
    {
        var stub = new StubTransport(kind);
        return new CallPath(new PollyHandler(stub), [stub], pending ? new Pump() : null, HttpCompletionOption.ResponseContentRead);
    }

    /// <summary>The client over the mesh with its default policy, over ten nodes, each with a stub.</summary>
    public static CallPath Mesh(StubReply kind, bool pending, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        List<StubTransport> stubs = [.. Enumerable.Range(0, 10).Select(_ => new StubTransport(kind))];
        HttpMessageHandler handler = MeshHandlerFactory.Create(mesh => mesh
            .AddService("orders", static orders =>
            {
                for (int i = 1; i <= 10; i++)
                {
                    orders.Endpoints.Add(new EndpointOptions { Address = string.Create(CultureInfo.InvariantCulture, $"http://10.0.0.{i}:8080") });
                }
            })
            .UseTransport(endpoint => stubs[int.Parse(endpoint.Host.AsSpan("10.0.0.".Length), CultureInfo.InvariantCulture) - 1]));
        return new CallPath(handler, stubs, pending ? new Pump() : null, completion);
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
        for (int i = 0; i < calls; i++)
        {
            using HttpResponseMessage response = await _client.GetAsync(Paths[_next++ & (Paths.Length - 1)], _completion).ConfigureAwait(false);
            if (_completion is HttpCompletionOption.ResponseHeadersRead)
            {
                using Stream body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
                await body.CopyToAsync(Stream.Null).ConfigureAwait(false);
            }
        }
    }
}
