using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Mesh.Client.Health;

namespace Mesh.Client.Tests.Pipeline;

public sealed class ResponseBodyTests
{
    private static readonly WindowSum Good = new(1, 0, 0, 0);
    private static readonly WindowSum Failed = new(1, 1, 0, 0);
    private static readonly WindowSum Nothing = new(0, 0, 0, 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_BodyIsOpen_TheCallIsInFlightUntilItsEnd()
    {
        using var mesh = new ScriptedMesh();
        var body = new GatedStream().Release(5);
        using HttpResponseMessage response = await StartAsync(mesh, body);
        Stream stream = await response.Content.ReadAsStreamAsync(Token);

        Assert.Equal(5, await stream.ReadAsync(new byte[8], Token));
        Assert.Equal(1, mesh.InFlight);
        body.End();
        Assert.Equal(0, await stream.ReadAsync(new byte[8], Token));

        Assert.Equal(0, mesh.InFlight);
        Assert.Equal(Good, Sum(mesh));
    }

    [Theory]
    [InlineData("content")]
    [InlineData("response")]
    [InlineData("stream")]
    [InlineData("stream, asynchronously")]
    [InlineData("all, twice")]
    public async Task Dispose_BeforeTheEnd_CountsOutOnceAndSaysNothingOfTheEndpoint(string what)
    {
        using var mesh = new ScriptedMesh();
        var body = new GatedStream().Release(5);
        HttpResponseMessage response = await StartAsync(mesh, body);
        Stream stream = await response.Content.ReadAsStreamAsync(Token);
        _ = await stream.ReadAsync(new byte[2], Token);

        switch (what)
        {
            case "content":
                response.Content.Dispose();
                break;
            case "response":
                response.Dispose();
                break;
            case "stream":
                stream.Dispose();
                break;
            case "stream, asynchronously":
                await stream.DisposeAsync();
                break;
            default:
                stream.Dispose();
                response.Dispose();
                stream.Dispose();
                response.Dispose();
                break;
        }

        Assert.Equal(0, mesh.InFlight);
        Assert.True(body.IsDisposed);
        Assert.Equal(Nothing, Sum(mesh));
    }

    public static TheoryData<Exception, bool> Breaks => new()
    {
        { new IOException("Unable to read data", new SocketException((int)SocketError.ConnectionReset)), true },
        { new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely."), true },
        { new HttpProtocolException(8, "The HTTP/2 server reset the stream.", null), true },
        { new IOException("The disk is full."), false },
        { new InvalidDataException("not gzip"), false },
        { new OperationCanceledException(), false },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task ReadAsync_BodyBreaksOff_IsTheEndpointsFaultWhereTheConnectionFailed(Exception error, bool isFailure)
    {
        foreach (Func<HttpResponseMessage, Task> read in Readers())
        {
            using var mesh = new ScriptedMesh();
            using HttpResponseMessage response = await StartAsync(mesh, new GatedStream().Release(5).Fail(error));

            await Assert.ThrowsAnyAsync<Exception>(() => read(response));
            response.Dispose();

            Assert.Equal(0, mesh.InFlight);
            Assert.Equal(isFailure ? Failed : Nothing, Sum(mesh));
        }
    }

    [Fact]
    public async Task CopyToAsync_TheCallersOwnConnectionBreaks_SaysNothingOfTheEndpoint()
    {
        var broken = new IOException("Unable to write data", new SocketException((int)SocketError.ConnectionReset));
        foreach (Func<HttpResponseMessage, Stream, Task> copy in Copiers())
        {
            using var mesh = new ScriptedMesh();
            using HttpResponseMessage response = await StartAsync(mesh, new GatedStream().Release(5).End());

            await Assert.ThrowsAnyAsync<Exception>(() => copy(response, new BrokenSink(broken)));
            response.Dispose();

            Assert.Equal(0, mesh.InFlight);
            Assert.Equal(Nothing, Sum(mesh));
        }
    }

    [Fact]
    public async Task Readers_OfAllKinds_GetTheWholeBodyAndCountOut()
    {
        foreach (Func<HttpResponseMessage, Task<long>> read in WholeReaders())
        {
            using var mesh = new ScriptedMesh();
            using HttpResponseMessage response = await StartAsync(mesh, new GatedStream().Release(100_000).End());

            Assert.Equal(100_000, await read(response));

            Assert.Equal(0, mesh.InFlight);
            Assert.Equal(Good, Sum(mesh));
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(100, false)]
    [InlineData(64 * 1024, false)]
    [InlineData((64 * 1024) + 1, true)]
    public async Task SendAsync_ContentLength_DecidesWhetherTheBodyIsWaitedFor(int length, bool isTracked)
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => new HttpResponseMessage { Content = new ByteArrayContent(new byte[length]) });

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", HttpCompletionOption.ResponseHeadersRead, Token);

        Assert.Equal(isTracked ? 1 : 0, mesh.InFlight);
        Assert.Equal(length, (await response.Content.ReadAsByteArrayAsync(Token)).Length);
        Assert.Equal(0, mesh.InFlight);
        Assert.Equal(Good, Sum(mesh));
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 205)]
    [InlineData("GET", 304)]
    public async Task SendAsync_NoBodyToCome_IsDoneAtTheHeaders(string method, int status)
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(new GatedStream()) });

        using HttpResponseMessage response = await mesh.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://orders/x"), HttpCompletionOption.ResponseHeadersRead, Token);

        Assert.Equal(0, mesh.InFlight);
        Assert.Equal(Good, Sum(mesh));
    }

    [Fact]
    public async Task Headers_OfATrackedBody_AreThoseOfTheEndpoint()
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(static _ =>
        {
            var content = new StreamContent(new GatedStream().Release(10).End());
            content.Headers.TryAddWithoutValidation("Content-Type", "text/html; charset=iso-8859-1");
            content.Headers.TryAddWithoutValidation("Content-Disposition", "attachment; filename=\"naïve.txt\"");
            content.Headers.TryAddWithoutValidation("Content-Language", ["de", "en"]);
            content.Headers.TryAddWithoutValidation("Allow", ["GET", "HEAD"]);
            content.Headers.TryAddWithoutValidation("Expires", "-1");
            content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
            content.Headers.TryAddWithoutValidation("Last-Modified", "Tue, 01 Jan 2030 00:00:00 GMT");
            return new HttpResponseMessage { Content = content };
        });

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", HttpCompletionOption.ResponseHeadersRead, Token);
        HttpContentHeaders headers = response.Content.Headers;

        Assert.Equal("text/html", headers.ContentType?.MediaType);
        Assert.Equal("iso-8859-1", headers.ContentType?.CharSet);
        Assert.Equal(["attachment; filename=\"naïve.txt\""], headers.NonValidated["Content-Disposition"]);
        Assert.Equal(["de", "en"], headers.ContentLanguage);
        Assert.Equal(["GET", "HEAD"], headers.Allow);
        Assert.Equal(["-1"], headers.NonValidated["Expires"]);
        Assert.Equal(["gzip"], headers.ContentEncoding);
        Assert.Equal(2030, headers.LastModified?.Year);
        Assert.Null(headers.ContentLength);
    }

    [Fact]
    public async Task Content_AfterItsStreamWasDisposed_CanStillBeAskedForItsHeaders()
    {
        using var mesh = new ScriptedMesh();
        using HttpResponseMessage response = await StartAsync(mesh, new GatedStream().Release(10).End());
        await using (Stream stream = await response.Content.ReadAsStreamAsync(Token))
        {
            await stream.CopyToAsync(Stream.Null, Token);
        }

        Assert.Null(response.Content.Headers.ContentLength);
        Assert.Null(response.Content.Headers.ContentType);
    }

    [Fact]
    public async Task ReadAsStreamAsync_Twice_IsTheSameStream()
    {
        using var mesh = new ScriptedMesh();
        using HttpResponseMessage response = await StartAsync(mesh, new GatedStream().Release(10).End());

        Assert.Same(await response.Content.ReadAsStreamAsync(Token), await response.Content.ReadAsStreamAsync(Token));
    }

    private static async Task<HttpResponseMessage> StartAsync(ScriptedMesh mesh, GatedStream body)
    {
        mesh[1].Reply(_ => new HttpResponseMessage { Content = new StreamContent(body) });
        HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(1, mesh.InFlight);
        return response;
    }

    private static Func<HttpResponseMessage, Task>[] Readers() =>
    [
        .. WholeReaders(),
        static r => r.Content.LoadIntoBufferAsync(Token),
    ];

#pragma warning disable CA1835 // The older overloads are what is tried.
    private static Func<HttpResponseMessage, Task<long>>[] WholeReaders() =>
    [
        static async r => (await r.Content.ReadAsStringAsync(Token)).Length,
        static async r => (await r.Content.ReadAsByteArrayAsync(Token)).Length,
        static async r =>
        {
            var sink = new MemoryStream();
            await r.Content.CopyToAsync(sink, Token);
            return sink.Length;
        },
        static r =>
        {
            var sink = new MemoryStream();
            r.Content.CopyTo(sink, null, Token);
            return Task.FromResult(sink.Length);
        },
        static async r =>
        {
            var sink = new MemoryStream();
            await (await r.Content.ReadAsStreamAsync(Token)).CopyToAsync(sink, Token);
            return sink.Length;
        },
        static r =>
        {
            var sink = new MemoryStream();
            r.Content.ReadAsStream(Token).CopyTo(sink);
            return Task.FromResult(sink.Length);
        },
        static r =>
        {
            Stream stream = r.Content.ReadAsStream(Token);
            byte[] buffer = new byte[7000];
            long sum = 0;
            for (int read; (read = stream.Read(buffer, 0, buffer.Length)) > 0; sum += read)
            {
            }

            return Task.FromResult(sum);
        },
        static r =>
        {
            Stream stream = r.Content.ReadAsStream(Token);
            long sum = 0;
            for (; stream.ReadByte() >= 0; sum++)
            {
            }

            return Task.FromResult(sum);
        },
        static async r =>
        {
            Stream stream = await r.Content.ReadAsStreamAsync(Token);
            byte[] buffer = new byte[7000];
            long sum = 0;
            for (int read; (read = await stream.ReadAsync(buffer, 0, buffer.Length, Token)) > 0; sum += read)
            {
            }

            return sum;
        },
    ];
#pragma warning restore CA1835

    private static Func<HttpResponseMessage, Stream, Task>[] Copiers() =>
    [
        static (r, sink) => r.Content.CopyToAsync(sink, Token),
        static (r, sink) => Task.Run(() => r.Content.CopyTo(sink, null, Token), Token),
        static async (r, sink) => await (await r.Content.ReadAsStreamAsync(Token)).CopyToAsync(sink, Token),
        static (r, sink) => Task.Run(() => r.Content.ReadAsStream(Token).CopyTo(sink), Token),
    ];

    private static WindowSum Sum(ScriptedMesh mesh) => mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp());
}
