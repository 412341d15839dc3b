using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Agent.Servers;

/// <summary>A service that takes bodies of any length and gives as many bytes as its path says. <c>/echo</c> gives back what comes, while it comes.</summary>
internal sealed class StreamServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StreamServer(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<StreamServer> StartAsync(HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
        });
        WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new StreamServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context)
    {
        long bytes = 0;
        if (context.Request.Path == "/echo")
        {
            await context.Response.StartAsync();
            await context.Request.Body.CopyToAsync(context.Response.Body);
            return;
        }

        byte[] buffer = new byte[64 * 1024];
        while (await context.Request.Body.ReadAsync(buffer) is var read and > 0)
        {
            bytes += read;
        }

        context.Response.Headers["x-bytes"] = bytes.ToString(CultureInfo.InvariantCulture);
        long wanted = long.TryParse(context.Request.Path.Value.AsSpan(1), CultureInfo.InvariantCulture, out long number) ? number : 0;
        context.Response.ContentLength = wanted;
        for (; wanted > 0; wanted -= buffer.Length)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, (int)Math.Min(wanted, buffer.Length)));
        }
    }
}
