using System.Diagnostics;
using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.OpenTelemetry.Tests.Spans;

/// <summary>The span and the line of a gRPC call, whose outcome comes after its messages.</summary>
public sealed class GrpcSpanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0", 0, "success", null)]
    [InlineData("13", 13, "failure", "13")]
    [InlineData("5", 5, "success", null)]
    public async Task Span_StatusComesAfterAStream_EndsWithIt(string sent, int status, string outcome, string? errorType)
    {
        var last = new TaskCompletionSource();
        await using Backend backend = await GrpcCalls.StartStreamAsync(sent, last.Task);
        using CallingMesh mesh = GrpcCalls.Mesh(backend);
        using var spans = new CollectedSpans();

        using HttpResponseMessage response = await GrpcCalls.CallAsync(mesh);
        using Stream messages = await response.Content.ReadAsStreamAsync(Token);
        await messages.ReadExactlyAsync(new byte[GrpcCalls.Message.Length], Token);
        Assert.Empty(spans.Calls);
        Assert.DoesNotContain(mesh.Log.Lines, static e => e.Id.Id is 2200 or 2201);
        last.SetResult();
        Assert.Equal(0, await messages.ReadAsync(new byte[1], Token));

        Activity call = spans.Call;
        Assert.Equal((200, status, outcome, errorType, 1), (call.GetTagItem("http.response.status_code"), call.GetTagItem("rpc.grpc.status_code"), call.GetTagItem("mesh.outcome"), call.GetTagItem("error.type"), call.GetTagItem("mesh.attempts")));
        Assert.Equal(errorType is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error, call.Status);
        Assert.Single(mesh.Log.Lines, e => e.Id.Id == (outcome == "success" ? 2200 : 2201));
    }

    [Fact]
    public async Task Span_StreamIsDisposed_EndsAsCanceled()
    {
        await using Backend backend = await GrpcCalls.StartStreamAsync("0", Task.Delay(Timeout.Infinite, Token));
        using CallingMesh mesh = GrpcCalls.Mesh(backend);
        using var spans = new CollectedSpans();

        (await GrpcCalls.CallAsync(mesh)).Dispose();

        Assert.Equal(("canceled", ActivityStatusCode.Unset, null), (spans.Call.GetTagItem("mesh.outcome"), spans.Call.Status, spans.Call.GetTagItem("rpc.grpc.status_code")));
    }

    [Fact]
    public async Task Span_StreamBreaksOff_EndsWithTheError()
    {
        await using Backend backend = await GrpcCalls.StartAsync(static async context =>
        {
            await context.Response.BodyWriter.WriteAsync(GrpcCalls.Message, context.RequestAborted);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            context.Abort();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using CallingMesh mesh = GrpcCalls.Mesh(backend);
        using var spans = new CollectedSpans();

        using HttpResponseMessage response = await GrpcCalls.CallAsync(mesh);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.CopyToAsync(Stream.Null, Token));

        Assert.Equal(("failure", ActivityStatusCode.Error), (spans.Call.GetTagItem("mesh.outcome"), spans.Call.Status));
        Assert.NotNull(spans.Call.GetTagItem("error.type"));
    }

    [Fact]
    public async Task Span_ReaderHasASpanOfItsOwn_LeavesItAlone()
    {
        await using Backend backend = await GrpcCalls.StartAsync(static async context =>
        {
            await context.Response.BodyWriter.WriteAsync(GrpcCalls.Message, context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        using CallingMesh mesh = GrpcCalls.Mesh(backend);
        using var spans = new CollectedSpans();
        using Activity outer = new Activity("outer").Start();
        using HttpResponseMessage response = await GrpcCalls.CallAsync(mesh);
        Assert.Same(outer, Activity.Current);
        using Activity reader = new Activity("reader").Start();
        using Stream messages = response.Content.ReadAsStream(Token);

        await Until.HoldsAsync(() => messages.Read(new byte[16], 0, 16) == 0);

        Assert.Same(reader, Activity.Current);
        Assert.Equal(outer.SpanId, spans.Call.ParentSpanId);
    }
}
