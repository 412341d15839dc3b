using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Tests.Lanes;

/// <summary>
/// A real instance of a service in a chain, with a mesh of its own. Its answer names it and what the next service answered; <c>/background</c> lets work that outlives the request call the next service.
/// </summary>
internal sealed class LaneService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _name;
    private readonly string? _next;
    private readonly bool _grpc;

    private LaneService(string name, string? lane, string? next, bool grpc, InMemoryRegistry registry)
    {
        (_name, _next, _grpc) = (lane is null ? name : $"{name}-{lane}", next, grpc);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mesh:Local:Service"] = name,
            ["Mesh:Local:Labels:lane"] = lane,
            ["Mesh:Discovery:CacheDirectory"] = "",
            ["Mesh:Server:Lanes:0:Name"] = "blue",
            ["Mesh:Server:Lanes:0:Match:Headers:x-beta"] = "1",
        });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), mesh =>
        {
            mesh.AddInMemoryRegistry(registry);
            if (next is not null)
            {
                mesh.AddService(next);
            }
        });
        builder.Services.AddHttpClient("next");
        _app = builder.Build();
        _app.UseMesh();
        _app.Run(ServeAsync);
    }

    /// <summary>What arrived: the path and the baggage.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Ended by the test when the background work may go on.</summary>
    public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What background work was answered.</summary>
    public TaskCompletionSource<string> Background { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts it and registers it.</summary>
    /// <param name="registry">The registry of all.</param>
    /// <param name="name">The service.</param>
    /// <param name="lane">The lane that the instance serves.</param>
    /// <param name="next">The service that it calls.</param>
    /// <param name="grpc">Whether it is called as gRPC, and calls the next service so.</param>
    public static async Task<LaneService> StartAsync(InMemoryRegistry registry, string name, string? lane, string? next, bool grpc)
    {
        var service = new LaneService(name, lane, next, grpc, registry);
        await service._app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    /// <summary>Where it listens, with the label of its lane.</summary>
    public MeshEndpoint Endpoint(string? lane, bool grpc) => new("127.0.0.1", new Uri(_app.Urls.ElementAt(grpc ? 1 : 0)).Port)
    {
        Labels = lane is null ? LabelSet.Empty : LabelSet.Create([new("lane", lane)]),
    };

    /// <summary>Calls a service as this chain's protocol wants it.</summary>
    public static async Task<string> CallAsync(HttpClient client, string service, string path, bool grpc, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(grpc ? HttpMethod.Post : HttpMethod.Get, $"http://{service}{path}");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (grpc)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Headers.TryAddWithoutValidation("TE", "trailers");
            request.Content = new ByteArrayContent(new byte[5]) { Headers = { { "Content-Type", "application/grpc" } } };
        }

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(!grpc || (response.TrailingHeaders.TryGetValues("grpc-status", out var status) && status.Single() == "0"), "no grpc-status 0");
        return Encoding.UTF8.GetString(body.AsSpan(grpc ? 5 : 0));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        Seen.Enqueue($"{context.Request.Path} {string.Join(" | ", context.Request.Headers["baggage"].ToArray())}".TrimEnd());
        string answer = _name;
        if (_next is not null && context.Request.Path == "/background")
        {
            _ = Task.Run(async () =>
            {
                await Answered.Task;
                Background.TrySetResult(await NextAsync("/late"));
            });
        }
        else if (_next is not null)
        {
            answer += $">{await NextAsync(context.Request.Path)}";
        }

        await AnswerAsync(context, answer);
    }

    private Task<string> NextAsync(string path) => CallAsync(_app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("next"), _next!, path, _grpc);

    private async Task AnswerAsync(HttpContext context, string answer)
    {
        byte[] text = Encoding.UTF8.GetBytes(answer);
        if (_grpc)
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync((byte[])[0, 0, 0, 0, (byte)text.Length], context.RequestAborted);
        }

        await context.Response.Body.WriteAsync(text, context.RequestAborted);
        if (_grpc)
        {
            context.Features.Get<IHttpResponseTrailersFeature>()!.Trailers["grpc-status"] = "0";
        }
    }
}
