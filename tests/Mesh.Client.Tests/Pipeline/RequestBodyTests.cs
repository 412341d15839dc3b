using System.Net;
using System.Net.Http.Json;
using System.Text;
using Mesh.Client.Grpc;
using Mesh.Client.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

public sealed class RequestBodyTests
{
    private const int Limit = 65536;
    private static readonly string[] Two = ["10.0.0.1:80", "10.0.0.2:80"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Replayed =>
    [
        "bytes", "string", "form", "json", "memory", "seekable stream", "seekable stream from its middle", "multipart", "empty", "none", "buffered", "seekable stream at the limit",
    ];

    [Theory]
    [MemberData(nameof(Replayed))]
    public async Task SendAsync_SentAgain_ReplaysTheBodyByteForByte(string kind)
    {
        using var mesh = new ScriptedMesh(endpoints: Two);
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable);

        using HttpResponseMessage response = await mesh.Client.PutAsync("http://orders/x", await MakeAsync(kind), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        byte[] expected = await (await MakeAsync(kind) ?? new ByteArrayContent([])).ReadAsByteArrayAsync(Token);
        Assert.Equal(expected, mesh[1].Requests.Single().Body.ToArray());
        Assert.Equal(expected, mesh[2].Requests.Single().Body.ToArray());
        Assert.Equal(mesh[1].Requests[0].Headers.GetValueOrDefault("Content-Type"), mesh[2].Requests[0].Headers.GetValueOrDefault("Content-Type"));
    }

    [Theory]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionExact, true)]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrLower, true)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrHigher, false)]
    [InlineData("3.0", HttpVersionPolicy.RequestVersionExact, false)]
    public async Task IsOut_MessageOfGrpcThatWasWritten_IsSoWhereTheTransportWritesNoMore(string version, HttpVersionPolicy policy, bool expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/x") { Version = new Version(version), VersionPolicy = policy, Content = new GrpcContent(new ByteArrayContent([1]), Limit) };
        Assert.False(RequestBody.IsOut(request));

        await request.Content.CopyToAsync(Stream.Null, Token);

        Assert.Equal(expected, RequestBody.IsOut(request));
    }

    [Fact]
    public void IsOut_AnyOtherBody_IsNotKnown()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/x");
        Assert.True(RequestBody.IsOut(request));

        request.Content = new ByteArrayContent([1]);

        Assert.False(RequestBody.IsOut(request));
    }

    [Theory]
    [InlineData("seekable stream over the limit")]
    [InlineData("stream that cannot seek")]
    [InlineData("pushed")]
    public async Task SendAsync_BodyThatIsNotKept_StreamsAndIsNotSentAgain(string kind)
    {
        using var mesh = new ScriptedMesh(endpoints: Two);
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable);
        HttpContent content = (await MakeAsync(kind))!;

        using HttpResponseMessage response = await mesh.Client.PutAsync("http://orders/x", content, Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal((1, 0), (mesh[1].Calls, mesh[2].Calls));
        Assert.Equal(await (await MakeAsync(kind))!.ReadAsByteArrayAsync(Token), mesh[1].Requests[0].Body.ToArray());
    }

    [Theory]
    [InlineData("seekable stream over the limit")]
    [InlineData("stream that cannot seek")]
    [InlineData("pushed")]
    public async Task SendAsync_ConnectFailureBeforeABodyThatIsNotKept_IsSentToAnother(string kind)
    {
        using var mesh = new ScriptedMesh(endpoints: Two);
        mesh[1].RefuseConnection();

        using HttpResponseMessage response = await mesh.Client.PostAsync("http://orders/x", await MakeAsync(kind), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(await (await MakeAsync(kind))!.ReadAsByteArrayAsync(Token), mesh[2].Requests[0].Body.ToArray());
    }

    [Theory]
    [InlineData("POST", 3, null, false)]
    [InlineData("PUT", 1, null, false)]
    [InlineData("PUT", 3, null, true)]
    [InlineData("PUT", 3, 1, false)]
    [InlineData("PUT", 1, 3, true)]
    public async Task SendAsync_StreamThatNobodyWouldSendAgain_IsNotBuffered(string method, int maxAttempts, int? maxAttemptsOfClient, bool buffered)
    {
        using var mesh = new ScriptedMesh(options => options.Retry.MaxAttempts = maxAttempts, client: c => c.AddMesh(o => o.MaxAttempts = maxAttemptsOfClient));
        mesh[1].RefuseConnection().Always();
        var stream = new MemoryStream([1, 2, 3]);

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://orders/x") { Content = new StreamContent(stream) }, Token));

        // The endpoint refused before it read anything: what was read, was read for a second attempt.
        Assert.Equal(buffered ? 3 : 0, stream.Position);
    }

    [Fact]
    public async Task SendAsync_BodyThatFailsWhileItIsSerialized_IsTheCallersErrorAndHurtsNobody()
    {
        using var mesh = new ScriptedMesh(static options => options.CircuitBreaker.ConsecutiveFailures = 1, Two);

        await Assert.ThrowsAsync<InvalidDataException>(() => mesh.Client.PutAsync("http://orders/x", new PushContent(static _ => throw new InvalidDataException("the file is broken")), Token));

        Assert.Equal(0, mesh[2].Calls);
        Assert.Equal(0, mesh.InFlight);
        Assert.Empty(mesh.Log.Of(2005));
    }

    [Fact]
    public async Task SendAsync_JsonFromASequenceThatCanBeReadOnce_IsNotSentAgain()
    {
        using var mesh = new ScriptedMesh(endpoints: Two);
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable);
        var numbers = new OnceReadable<int>([1, 2, 3]);

        using HttpResponseMessage response = await mesh.Client.PutAsync("http://orders/x", JsonContent.Create<IAsyncEnumerable<int>>(numbers), Token);

        Assert.Equal("[1,2,3]", Encoding.UTF8.GetString(mesh[1].Requests[0].Body.Span));
        Assert.All(mesh[2].Requests, static r => Assert.Equal("[1,2,3]", Encoding.UTF8.GetString(r.Body.Span)));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("MKCOL")]
    public async Task SendAsync_NoBodyAndNotIdempotent_SaysThatItIsEmpty(string method)
    {
        using var mesh = new ScriptedMesh();
        var request = new HttpRequestMessage(new HttpMethod(method), "http://orders/x");

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);

        Assert.Equal(0, request.Content?.Headers.ContentLength);
        Assert.Null(request.Content?.Headers.ContentType);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("CONNECT")]
    public async Task SendAsync_NoBodyAndHarmless_GetsNone(string method)
    {
        using var mesh = new ScriptedMesh();
        var request = new HttpRequestMessage(new HttpMethod(method), "http://orders/x");

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);

        Assert.Null(request.Content);
    }

    private static async Task<HttpContent?> MakeAsync(string kind)
    {
        byte[] bytes = [.. Enumerable.Range(0, 1000).Select(static i => (byte)(i * 7))];
        switch (kind)
        {
            case "bytes":
                return new ByteArrayContent(bytes, 5, 900);
            case "string":
                return new StringContent("grün €", Encoding.UTF8, "text/plain");
            case "form":
                return new FormUrlEncodedContent([new("a", "1 2"), new("b", "ü")]);
            case "json":
                return JsonContent.Create(new Dictionary<string, int> { ["a"] = 1 });
            case "memory":
                return new ReadOnlyMemoryContent(bytes.AsMemory(3));
            case "seekable stream":
                return new StreamContent(new MemoryStream(bytes));
            case "seekable stream from its middle":
                return new StreamContent(new MemoryStream(bytes) { Position = 400 });
            case "seekable stream at the limit":
                return new StreamContent(new MemoryStream(new byte[Limit]));
            case "seekable stream over the limit":
                return new StreamContent(new MemoryStream(new byte[Limit + 1]));
            case "stream that cannot seek":
                return new StreamContent(new GatedStream().Release(100).End());
            case "pushed":
                return new PushContent(async stream => await stream.WriteAsync(bytes));
            case "multipart":
                return new MultipartFormDataContent("frontier") { { new StringContent("v"), "k" }, { new ByteArrayContent(bytes), "f", "f.bin" } };
            case "empty":
                return new ByteArrayContent([]);
            case "buffered":
                var content = new StreamContent(new GatedStream().Release(100).End());
                await content.LoadIntoBufferAsync(Token);
                return content;
            default:
                return null;
        }
    }
}
