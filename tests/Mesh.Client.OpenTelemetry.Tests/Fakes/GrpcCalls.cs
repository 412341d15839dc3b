using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>gRPC calls to a service that answers what a test wants.</summary>
internal static class GrpcCalls
{
    /// <summary>What <see cref="StartStreamAsync"/> answers.</summary>
    public static readonly byte[] Message = [0, 0, 0, 0, 2, 8, 1];

    public static Task<Backend> StartAsync(RequestDelegate run) => Backend.StartAsync(
        context =>
        {
            context.Response.ContentType = "application/grpc";
            return run(context);
        },
        HttpProtocols.Http2);

    /// <summary>A service that answers one message, and its status once it may.</summary>
    public static Task<Backend> StartStreamAsync(string status, Task mayEnd) => StartAsync(async context =>
    {
        await context.Response.BodyWriter.WriteAsync(Message, context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        await mayEnd.WaitAsync(context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", status);
    });

    public static CallingMesh Mesh(Backend backend) => new([backend.Address], static o => o.Retry.MaxAttempts = 1, keys: [("AccessLog:Enabled", "true")]);

    public static Task<HttpResponseMessage> CallAsync(CallingMesh mesh)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/shop.Orders/Watch") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return mesh.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
