using System.Net;
using System.Net.Http.Json;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Grpc;
using Mesh.Client.Tests.Pipeline;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Routing;

public sealed class MirrorBodyTests
{
    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 1000).Select(static i => (byte)i)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bytes")]
    [InlineData("memory")]
    [InlineData("stream")]
    [InlineData("multipart")]
    [InlineData("json")]
    public async Task Body_WithinTheLimit_ArrivesTwiceWithItsHeaders(string kind)
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        using HttpContent content = Content(kind);
        content.Headers.TryAddWithoutValidation("x-body", kind);

        await PostAsync(mesh, content);

        ScriptedRequest main = mesh[1].Requests.Single();
        ScriptedRequest copy = mesh[9].Requests.Single();
        Assert.Equal(main.Body.ToArray(), copy.Body.ToArray());
        Assert.True(copy.Body.Length >= 1000);
        Assert.Equal((main.Headers["Content-Type"], kind), (copy.Headers["Content-Type"], copy.Headers["x-body"]));
        Assert.Equal(1, mesh.Work().Mirrors.Sent);
    }

    [Theory]
    [InlineData("bytes")]
    [InlineData("memory")]
    [InlineData("stream")]
    [InlineData("json")]
    public async Task Body_BeyondTheLimit_ArrivesOnce(string kind)
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(static m => m.MaxBody = 999);

        await PostAsync(mesh, Content(kind));

        Assert.Equal((1, 0), (mesh[1].Calls, mesh[9].Calls));
        Assert.True(mesh[1].Requests.Single().Body.Length >= 1000);
        Assert.Equal((1, 0, 0), (mesh.Work().Mirrors.Unfit, mesh.Work().Mirrors.Dropped, mesh.Work().Mirrors.Active));
    }

    [Fact]
    public async Task Body_OfUnknownLength_ArrivesOnce()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();

        await PostAsync(mesh, new PushContent(static stream => stream.WriteAsync(s_bytes, Token).AsTask()));
        await PostAsync(mesh, JsonContent.Create(new OnceReadable<int>([1, 2, 3])));

        Assert.Equal((2, 0, 2), (mesh[1].Calls, mesh[9].Calls, mesh.Work().Mirrors.Unfit));
        Assert.Equal("[1,2,3]"u8.ToArray(), mesh[1].Requests[1].Body.ToArray());
    }

    [Fact]
    public async Task Body_ChangedAfterTheCall_IsCopiedAsItWas()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        byte[] bytes = [.. s_bytes];
        mesh[1].Reply(_ =>
        {
            bytes.AsSpan().Clear();
            return new HttpResponseMessage();
        });

        await PostAsync(mesh, new ByteArrayContent(bytes));

        Assert.Equal(s_bytes, mesh[9].Requests.Single().Body.ToArray());
    }

    [Fact]
    public async Task Body_ReadFromAStream_IsReadOnceAndCopiedWhenItIsThere()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        GatedStream source = new GatedStream().Release(600);
        using var content = new StreamContent(source);
        content.Headers.ContentLength = 1000;

        Task<HttpResponseMessage> call = mesh.Client.PostAsync(new Uri("http://orders/x"), content, Token);
        await Until.HoldsAsync(() => mesh[1].Calls == 1);
        Assert.Equal((0, 1), (mesh[9].Calls, mesh.Work().Mirrors.Active));
        source.Release(400).End();
        using HttpResponseMessage response = await call;
        await mesh.CopiesEndAsync();

        Assert.Equal(new byte[1000], mesh[1].Requests.Single().Body.ToArray());
        Assert.Equal(new byte[1000], mesh[9].Requests.Single().Body.ToArray());
    }

    [Fact]
    public async Task Body_ThatBreaksOff_FailsTheCallAndIsNotCopied()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        using var content = new StreamContent(new GatedStream().Release(600).Fail(new IOException("gone")));
        content.Headers.ContentLength = 1000;

        await Assert.ThrowsAnyAsync<Exception>(() => mesh.Client.PostAsync(new Uri("http://orders/x"), content, Token));
        await mesh.CopiesEndAsync();

        Assert.Equal((0, 1), (mesh[9].Calls, mesh.Work().Mirrors.Unfit));
    }

    [Fact]
    public async Task Body_OfACallThatNeverLeft_IsNotCopied()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(null, static o => o.Retry.MaxAttempts = 1);
        mesh[1].RefuseConnection().Always();

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.PostAsync(new Uri("http://orders/x"), Content("stream"), Token));
        await mesh.CopiesEndAsync();

        Assert.Equal((0, 1), (mesh[9].Calls, mesh.Work().Mirrors.Unfit));
    }

    [Theory]
    [InlineData("bytes")]
    [InlineData("stream")]
    [InlineData("json")]
    public async Task Body_OfACallThatIsTriedAgain_IsCopiedOnce(string kind)
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(null, static o => o.Retry.NonIdempotent = true);
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable);

        await PostAsync(mesh, Content(kind));

        Assert.Equal((2, 1), (mesh[1].Calls, mesh[9].Calls));
        Assert.Equal(mesh[1].Requests[1].Body.ToArray(), mesh[9].Requests.Single().Body.ToArray());
    }

    [Fact]
    public async Task Body_SentSynchronously_IsCopied()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/x") { Content = Content("stream") };

        using HttpResponseMessage response = await Task.Run(() => mesh.Client.Send(request, Token), Token);
        await mesh.CopiesEndAsync();

        Assert.Equal(s_bytes, mesh[9].Requests.Single().Body.ToArray());
    }

    [Fact]
    public async Task GrpcCall_OfOneMessage_IsCopied()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        mesh[1].Reply(static _ => GrpcMesh.Status(14));
        mesh[1].Reply(static _ => GrpcMesh.Messages(0)).Always();
        mesh[9].Reply(static _ => GrpcMesh.Messages(0)).Always();

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);
        await mesh.CopiesEndAsync();

        ScriptedRequest copy = mesh[9].Requests.Single();
        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.Equal([0, 0, 0, 0, 1, 42], copy.Body.ToArray());
        Assert.Equal(("application/grpc", "orders-shadow"), (copy.Headers["Content-Type"], copy.Headers["Host"]));
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task GrpcCall_OfALongMessage_IsNotCopied()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(static m => m.MaxBody = 100);
        mesh[1].Reply(static _ => GrpcMesh.Messages(0)).Always();

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(new UnaryContent(s_bytes)), Token);
        await mesh.CopiesEndAsync();

        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.Equal((0, 1), (mesh[9].Calls, mesh.Work().Mirrors.Unfit));
    }

    [Fact]
    public async Task GrpcCall_OfAStream_IsNotCopied()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        mesh[1].Reply(static _ => GrpcMesh.Messages(0)).Always();
        using var stream = new PushContent(static async stream =>
        {
            await stream.FlushAsync(Token);
            await stream.WriteAsync(s_bytes, Token);
        });
        stream.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(stream), Token);
        await mesh.CopiesEndAsync();

        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.Equal((0, 1), (mesh[9].Calls, mesh.Work().Mirrors.Unfit));
    }

    private static HttpContent Content(string kind) => kind switch
    {
        "bytes" => new ByteArrayContent(s_bytes) { Headers = { ContentType = new("a/b") } },
        "memory" => new ReadOnlyMemoryContent(s_bytes) { Headers = { ContentType = new("a/b") } },
        "stream" => new StreamContent(new MemoryStream(s_bytes)) { Headers = { ContentType = new("a/b") } },
        "multipart" => new MultipartFormDataContent { { new ByteArrayContent(s_bytes), "file" } },
        _ => JsonContent.Create(new string('x', 1000)),
    };

    private static async Task PostAsync(ScriptedMesh mesh, HttpContent content)
    {
        using HttpResponseMessage response = await mesh.Client.PostAsync(new Uri("http://orders/x"), content, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await mesh.CopiesEndAsync();
    }
}
