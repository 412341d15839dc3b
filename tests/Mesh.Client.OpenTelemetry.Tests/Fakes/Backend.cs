using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>A real Kestrel that keeps what it was sent of the trace.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Backend(WebApplication app, ConcurrentQueue<string> traceParents, ConcurrentQueue<string> traceStates)
    {
        _app = app;
        TraceStates = traceStates;
        TraceParents = traceParents;
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public int Port { get; }

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>The header <c>traceparent</c> of each request; empty where there is none.</summary>
    public ConcurrentQueue<string> TraceParents { get; }

    /// <summary>The header <c>tracestate</c> of each request.</summary>
    public ConcurrentQueue<string> TraceStates { get; }

    public static Task<Backend> StartAsync(int status) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    public static async Task<Backend> StartAsync(RequestDelegate run, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var traceParents = new ConcurrentQueue<string>();
        var traceStates = new ConcurrentQueue<string>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        WebApplication app = builder.Build();
        app.Run(context =>
        {
            traceParents.Enqueue(context.Request.Headers["traceparent"].ToString());
            traceStates.Enqueue(context.Request.Headers["tracestate"].ToString());
            return run(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Backend(app, traceParents, traceStates);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
