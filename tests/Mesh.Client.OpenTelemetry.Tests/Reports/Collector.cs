using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.OpenTelemetry.Tests.Reports;

/// <summary>A collector that takes OTLP over HTTP, as far as an exporter can tell.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication? _app;
    private int _requests;
    private long _bytes;

    private Collector(CollectorKind kind)
    {
        if (kind is CollectorKind.Dead)
        {
            Address = new Uri("http://127.0.0.1:1");
            return;
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            Interlocked.Increment(ref _requests);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            Interlocked.Add(ref _bytes, body.Length);
            if (kind is not CollectorKind.Well)
            {
                await Task.Delay(kind is CollectorKind.Slow ? TimeSpan.FromSeconds(1) : Timeout.InfiniteTimeSpan, context.RequestAborted);
            }

            // An answer of no fields is one of no bytes.
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public int Requests => Volatile.Read(ref _requests);

    public long Bytes => Interlocked.Read(ref _bytes);

    public static async Task<Collector> StartAsync(CollectorKind kind)
    {
        var collector = new Collector(kind);
        if (collector._app is { } app)
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            collector.Address = new Uri(app.Urls.First());
        }

        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
