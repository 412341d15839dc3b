using System.Diagnostics;
using System.Net;
using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Mesh.Client.OpenTelemetry.Tests.Figures;

/// <summary>What the receiving side tells of requests that it refuses.</summary>
public sealed class ServerFigureTests
{
    [Fact]
    public async Task Refused_Request_IsCountedAndAnEventOnItsSpan()
    {
        var ended = new List<Activity>();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource("Microsoft.AspNetCore").AddProcessor(new SimpleActivityExportProcessor(new ListExporter(ended))).Build();
        using var figures = new CollectedFigures();
        await using WebApplication app = Create(
            ("Mesh:Local:Service", "web"),
            ("Mesh:Server:Access:0:Name", "no-x"),
            ("Mesh:Server:Access:0:Deny:Paths:0", "/x/**"),
            ("Mesh:Server:RateLimits:0:Name", "all"),
            ("Mesh:Server:RateLimits:0:Permits", "1"),
            ("Mesh:Server:RateLimits:0:Per", "01:00:00"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal((403, 200, 429), (await StatusAsync(client, "/x/1"), await StatusAsync(client, "/y"), await StatusAsync(client, "/y")));

        Assert.Equal(1, figures.Value("mesh.server.rejections", ("mesh.reason", "denied"), ("mesh.rule", "no-x")));
        Assert.Equal(1, figures.Value("mesh.server.rejections", ("mesh.reason", "rate_limited"), ("mesh.rule", "all")));
        Assert.Equal(1, figures.Value("mesh.quota.permits", ("mesh.scope", "server:web"), ("mesh.limit", "all"), ("mesh.decision", "admitted")));
        Assert.Equal(1, figures.Value("mesh.quota.permits", ("mesh.scope", "server:web"), ("mesh.limit", "all"), ("mesh.decision", "denied")));
        await Until.HoldsAsync(() => Events().Length == 2);
        Assert.Equal(["mesh.rejected denied no-x", "mesh.rejected rate_limited all"], Events().Order(StringComparer.Ordinal));

        string[] Events()
        {
            lock (ended)
            {
                return [.. ended.SelectMany(static s => s.Events).Select(static e => $"{e.Name} {string.Join(' ', e.Tags.Select(static t => t.Value))}")];
            }
        }
    }

    [Fact]
    public async Task Refused_Request_WithoutListenersIsRefusedAllTheSame()
    {
        await using WebApplication app = Create(("Mesh:Server:DefaultAccess", "Deny"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal(403, await StatusAsync(client, "/"));
    }

    private static async Task<int> StatusAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    private static WebApplication Create(params (string Key, string Value)[] keys)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(keys.Append(("Mesh:Discovery:CacheDirectory", "")).Select(static k => new KeyValuePair<string, string?>(k.Item1, k.Item2)));
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"));
        WebApplication app = builder.Build();
        app.UseMesh();
        app.Run(static context => context.Response.WriteAsync("well"));
        return app;
    }

    private sealed class ListExporter(List<Activity> ended) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            lock (ended)
            {
                foreach (Activity span in batch)
                {
                    ended.Add(span);
                }
            }

            return ExportResult.Success;
        }
    }
}
