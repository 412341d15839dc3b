using System.Text;
using Mesh.Agent.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Agent.Tests.Health;

/// <summary>A program that answers <c>grpc.health.v1.Health/Check</c> and nothing else.</summary>
internal sealed class HealthProgram : IAsyncDisposable
{
    private volatile bool _isServing = true;
    private volatile string? _asked;
    private Upstream? _upstream;

    /// <summary>Whether it says that it serves.</summary>
    public bool IsServing
    {
        get => _isServing;
        set => _isServing = value;
    }

    /// <summary>The service that was asked for last.</summary>
    public string? Asked => _asked;

    public Uri Uri => _upstream!.Uri;

    public static async Task<HealthProgram> StartAsync()
    {
        var program = new HealthProgram();
        program._upstream = await Upstream.StartAsync(program.AnswerAsync, HttpProtocols.Http2);
        return program;
    }

    public ValueTask DisposeAsync() => _upstream!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Assert.Equal("/grpc.health.v1.Health/Check", context.Request.Path);
        byte[] request = new byte[256];
        int length = await context.Request.Body.ReadAtLeastAsync(request, request.Length, throwOnEndOfStream: false, context.RequestAborted);

        // A frame of five bytes, then the one string with its tag and its length.
        _asked = length <= 7 ? "" : Encoding.UTF8.GetString(request, 7, length - 7);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 8, (byte)(_isServing ? 1 : 2) }, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
