using System.Net;
using System.Net.Sockets;
using Mesh.Client.Model;

namespace Mesh.Client.Testing.Tests;

/// <summary>Each failure is compared with that of a real <see cref="SocketsHttpHandler"/> in the same situation on loopback.</summary>
public sealed class ScriptedHandlerTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HttpMessageInvoker _real = new(new SocketsHttpHandler());
    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedEndpoint _endpoint;
    private readonly HttpMessageInvoker _scripted;
    private readonly string _uri;

    public ScriptedHandlerTests()
    {
        _listener.Start();
        int port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _uri = $"http://127.0.0.1:{port}/";
        var transport = new ScriptedTransport(_clock);
        var endpoint = new MeshEndpoint("127.0.0.1", port);
        _endpoint = transport[endpoint.Authority];
        _scripted = new HttpMessageInvoker(transport.CreateHandler(endpoint));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefuseConnection_Call_FailsAsTheRealHandlerDoes(bool synchronous)
    {
        _listener.Stop();
        _endpoint.RefuseConnection();

        string real = await FailureAsync(_real, synchronous, Token);

        Assert.Equal(real, await FailureAsync(_scripted, synchronous, Token));
        Assert.Contains(nameof(SocketError.ConnectionRefused), real, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_Call_FailsAsTheRealHandlerDoes(bool synchronous)
    {
        _endpoint.Reset();
        Task server = ServeAsync(static connection =>
        {
            connection.LingerState = new LingerOption(true, 0);
            connection.Close();
        });

        string real = await FailureAsync(_real, synchronous, Token);
        await server;

        Assert.Equal(real, await FailureAsync(_scripted, synchronous, Token));
        Assert.Contains(nameof(SocketError.ConnectionReset), real, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hang_TokenCancelled_FailsAsTheRealHandlerDoes(bool synchronous)
    {
        using var cancelReal = new CancellationTokenSource();
        using var cancelScripted = new CancellationTokenSource();
        _endpoint.Hang();
        Task server = ServeAsync(_ => cancelReal.Cancel());

        OperationCanceledException real = await CancelledAsync(_real, synchronous, cancelReal.Token);
        await server;
        Task<OperationCanceledException> scripted = Task.Run(() => CancelledAsync(_scripted, synchronous, cancelScripted.Token), Token);
        Assert.True(SpinWait.SpinUntil(() => _endpoint.InFlight == 1, TimeSpan.FromSeconds(30)));
        await cancelScripted.CancelAsync();
        OperationCanceledException same = await scripted;

        Assert.Equal(real.GetType(), same.GetType());
        Assert.Equal(cancelReal.Token, real.CancellationToken);
        Assert.Equal(cancelScripted.Token, same.CancellationToken);
        Assert.Equal(0, _endpoint.InFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnyStep_TokenCancelledBefore_FailsAsTheRealHandlerDoesAndDoesNotArrive(bool synchronous)
    {
        var cancelled = new CancellationToken(canceled: true);

        OperationCanceledException real = await CancelledAsync(_real, synchronous, cancelled);
        OperationCanceledException same = await CancelledAsync(_scripted, synchronous, cancelled);

        Assert.Equal(real.GetType(), same.GetType());
        Assert.Equal(real.CancellationToken, same.CancellationToken);
        Assert.Equal(0, _endpoint.Calls);
    }

    [Fact]
    public async Task Delay_TokenCancelled_EndsWithTheTokenAndLeavesNoTimer()
    {
        using var cancel = new CancellationTokenSource();
        _endpoint.Delay(Second).Reply(HttpStatusCode.OK);
        Task<OperationCanceledException> call = CancelledAsync(_scripted, synchronous: false, cancel.Token);
        Assert.Equal(1, _clock.ActiveTimers);

        await cancel.CancelAsync();

        Assert.Equal(cancel.Token, (await call).CancellationToken);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task Delay_SynchronousCall_BlocksUntilTheClockIsThere()
    {
        _endpoint.Delay(Second).Reply(HttpStatusCode.Gone);
        Task<HttpStatusCode> call = Task.Run(
            () =>
            {
                using HttpRequestMessage request = Request();
                using HttpResponseMessage response = _scripted.Send(request, Token);
                return response.StatusCode;
            },
            Token);
        Assert.True(SpinWait.SpinUntil(() => _clock.ActiveTimers == 1, TimeSpan.FromSeconds(30)));
        Assert.False(call.IsCompleted);

        _clock.Advance(Second);

        Assert.Equal(HttpStatusCode.Gone, await call);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Send_Body_IsReadAndTheReplyMade()
    {
        _endpoint.Reply(static _ => new HttpResponseMessage(HttpStatusCode.Created));
        using var request = new HttpRequestMessage(HttpMethod.Post, _uri) { Content = new ByteArrayContent([1, 2, 3]) };

        using HttpResponseMessage response = _scripted.Send(request, Token);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Same(request, response.RequestMessage);
        Assert.Equal([1, 2, 3], _endpoint.Requests[0].Body.ToArray());
        Assert.Equal(0, _endpoint.InFlight);
    }

    [Fact]
    public async Task Body_CancelledWhileRead_EndsWithTheCallersToken()
    {
        using var cancel = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, _uri) { Content = new CancellingContent(cancel) };

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() => _scripted.SendAsync(request, cancel.Token));

        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Equal(1, _endpoint.Calls);
        Assert.Equal(0, _endpoint.InFlight);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _real.Dispose();
        _scripted.Dispose();
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker client, bool synchronous, HttpRequestMessage request, CancellationToken token) =>
        synchronous ? client.Send(request, token) : await client.SendAsync(request, token);

    /// <summary>The chain of exceptions with all that a classifier can look at.</summary>
    private async Task<string> FailureAsync(HttpMessageInvoker client, bool synchronous, CancellationToken token)
    {
        using HttpRequestMessage request = Request();
        Exception? error = await Record.ExceptionAsync(() => SendAsync(client, synchronous, request, token));
        var chain = new List<string>();
        for (; error is not null; error = error.InnerException)
        {
            string detail = error switch
            {
                HttpRequestException http => $"{http.HttpRequestError} {http.StatusCode}",
                SocketException socket => $"{socket.SocketErrorCode} {socket.NativeErrorCode}",
                _ => "",
            };
            chain.Add($"{error.GetType()} [{detail}] {error.Message}");
        }

        return string.Join('\n', chain);
    }

    private async Task<OperationCanceledException> CancelledAsync(HttpMessageInvoker client, bool synchronous, CancellationToken token)
    {
        using HttpRequestMessage request = Request();
        return await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(client, synchronous, request, token));
    }

    /// <summary>Takes one connection, waits for the request to arrive and does something to it.</summary>
    private Task ServeAsync(Action<Socket> then) => Task.Run(
        async () =>
        {
            using Socket connection = await _listener.AcceptSocketAsync(Token);
            await connection.ReceiveAsync(new byte[1_024], SocketFlags.None, Token);
            then(connection);
        },
        Token);

    private HttpRequestMessage Request() => new(HttpMethod.Get, _uri);

    /// <summary>A body that is cancelled half-way, and says so with a token of its own.</summary>
    private sealed class CancellingContent(CancellationTokenSource cancel) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            cancel.Cancel();
            throw new OperationCanceledException("body");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
