using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Agent.Tests.Support;

/// <summary>An instance of a service on a real Kestrel. It knows nothing of the mesh.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private Upstream(WebApplication app) => _app = app;

    public Uri Uri => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>How many requests came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Starts one.</summary>
    /// <param name="run">What it does; by default it says what it saw.</param>
    /// <param name="protocols">The HTTP versions.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    public static async Task<Upstream> StartAsync(RequestDelegate? run = null, HttpProtocols protocols = HttpProtocols.Http1, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = protocols);
        });
        WebApplication app = builder.Build();
        var upstream = new Upstream(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref upstream._requests);
            return (run ?? DescribeAsync)(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task DescribeAsync(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        string headers = string.Concat(context.Request.Headers.OrderBy(static h => h.Key, StringComparer.OrdinalIgnoreCase).Select(static h => $"{h.Key.ToLowerInvariant()}: {h.Value}\n"));
        return context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Method} {target}\n{headers}");
    }
}
