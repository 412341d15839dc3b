using System.Collections.Concurrent;
using System.Net;

namespace Mesh.Client.Testing.Tests;

public sealed class ScriptedEndpointTests
{
    private const HttpStatusCode Default = HttpStatusCode.OK;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedEndpoint _endpoint;
    private readonly HttpMessageInvoker _client;

    public ScriptedEndpointTests()
    {
        var transport = new ScriptedTransport(_clock);
        _endpoint = transport["10.0.0.1:80"];
        _client = new HttpMessageInvoker(transport.CreateHandler(new("10.0.0.1", 80)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unscripted_Call_Gets200WithAnEmptyBody()
    {
        using HttpRequestMessage request = Request();
        request.Version = HttpVersion.Version20;
        using HttpResponseMessage response = await _client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Same(request, response.RequestMessage);
        Assert.Equal(HttpVersion.Version20, response.Version);
    }

    [Fact]
    public async Task Reply_SeveralSteps_EachIsForOneCall()
    {
        _endpoint.Reply(HttpStatusCode.BadGateway).Reply(HttpStatusCode.NotFound);

        Assert.Equal([HttpStatusCode.BadGateway, HttpStatusCode.NotFound, Default, Default], await StatusesAsync(4));
    }

    [Fact]
    public async Task Times_AfterAStep_RepeatsThatStepOnly()
    {
        _endpoint.Reply(HttpStatusCode.BadGateway).Reply(HttpStatusCode.NotFound).Times(2).Reply(HttpStatusCode.Gone);

        Assert.Equal(
            [HttpStatusCode.BadGateway, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Gone, Default],
            await StatusesAsync(5));
    }

    [Fact]
    public async Task Times_AfterTheStepWasUsed_CountsWhatWasUsed()
    {
        _endpoint.Reply(HttpStatusCode.BadGateway);
        Assert.Equal([HttpStatusCode.BadGateway], await StatusesAsync(1));

        _endpoint.Times(3);

        Assert.Equal([HttpStatusCode.BadGateway, HttpStatusCode.BadGateway, Default], await StatusesAsync(3));
    }

    [Fact]
    public async Task Times_FewerThanWereUsed_EndsTheStep()
    {
        _endpoint.Reply(HttpStatusCode.BadGateway).Times(5);
        await StatusesAsync(3);

        _endpoint.Times(2);

        Assert.Equal([Default], await StatusesAsync(1));
    }

    [Fact]
    public async Task Always_AfterOtherSteps_IsWhatFollowsThem()
    {
        _endpoint.Reply(HttpStatusCode.BadGateway).Reply(HttpStatusCode.Gone).Always().Reply(HttpStatusCode.NotFound);

        Assert.Equal([HttpStatusCode.BadGateway, HttpStatusCode.NotFound, HttpStatusCode.Gone, HttpStatusCode.Gone], await StatusesAsync(4));
    }

    [Fact]
    public async Task Always_Twice_TheLaterOneCounts()
    {
        _endpoint.Reply(HttpStatusCode.BadGateway).Always();
        Assert.Equal([HttpStatusCode.BadGateway], await StatusesAsync(1));

        _endpoint.Reply(HttpStatusCode.Gone).Always();

        Assert.Equal([HttpStatusCode.Gone, HttpStatusCode.Gone], await StatusesAsync(2));
    }

    [Fact]
    public async Task Clear_WithSteps_GoesBackTo200AndKeepsTheRecords()
    {
        _endpoint.Reply(HttpStatusCode.BadGateway).Always().Reply(HttpStatusCode.Gone).Times(2);
        await StatusesAsync(1);

        _endpoint.Clear();

        Assert.Equal([Default], await StatusesAsync(1));
        Assert.Equal(2, _endpoint.Calls);
        Assert.Throws<InvalidOperationException>(() => _endpoint.Times(2));
    }

    [Fact]
    public void TimesAndAlways_WithoutAStep_NameTheEndpointAndTheRemedy()
    {
        string times = Assert.Throws<InvalidOperationException>(() => _endpoint.Times(2)).Message;
        _endpoint.Reply(Default).Always();
        string always = Assert.Throws<InvalidOperationException>(() => _endpoint.Always()).Message;

        Assert.StartsWith("Times() of the scripted endpoint 10.0.0.1:80 has no step before it.", times, StringComparison.Ordinal);
        Assert.StartsWith("Always() of the scripted endpoint 10.0.0.1:80 has no step before it.", always, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _endpoint.Reply(Default).Times(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _endpoint.Delay(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _endpoint.Delay(TimeSpan.FromDays(50)));
        Assert.Throws<ArgumentNullException>(() => _endpoint.Reply(null!));
    }

    [Fact]
    public async Task Reply_Function_SeesTheRequestAndMakesTheResponse()
    {
        _endpoint.Reply(static request => new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(request.RequestUri!.PathAndQuery) }).Times(2);

        using HttpResponseMessage first = await SendAsync("http://orders/a?b=1");
        using HttpResponseMessage second = await SendAsync("http://orders/c");

        Assert.Equal("/a?b=1", await first.Content.ReadAsStringAsync(Token));
        Assert.Equal("/c", await second.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Reply_FunctionThrows_TheCallThrowsTheSame()
    {
        var error = new InvalidDataException("scripted");
        _endpoint.Reply(_ => throw error);

        Assert.Same(error, await Assert.ThrowsAsync<InvalidDataException>(() => SendAsync()));
        Assert.Equal(0, _endpoint.InFlight);
    }

    [Fact]
    public async Task Reply_FunctionReturnsNull_NamesTheEndpointAndTheRequest()
    {
        _endpoint.Reply(static _ => null!);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync());

        Assert.Contains("10.0.0.1:80 made no response to GET http://orders/", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delay_BeforeAStep_HoldsItOnTheClock()
    {
        _endpoint.Delay(Second).Delay(Second).Reply(HttpStatusCode.Gone).Reply(HttpStatusCode.NotFound);

        Task<HttpResponseMessage> slow = SendAsync();
        Assert.Equal([HttpStatusCode.NotFound], await StatusesAsync(1));
        _clock.Advance((2 * Second) - TimeSpan.FromTicks(1));
        Assert.False(slow.IsCompleted);
        Assert.Equal(1, _endpoint.InFlight);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(HttpStatusCode.Gone, (await slow).StatusCode);
        Assert.Equal(0, _endpoint.InFlight);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task Delay_WithoutAVerb_IsA200AfterTheDelay()
    {
        _endpoint.Delay(Second).Times(2);

        Task<HttpResponseMessage>[] slow = [SendAsync(), SendAsync()];
        Assert.Equal([Default], await StatusesAsync(1));
        Assert.All(slow, static call => Assert.False(call.IsCompleted));
        _clock.Advance(Second);

        Assert.All(await Task.WhenAll(slow), static response => Assert.Equal(Default, response.StatusCode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delay_BeforeAFailure_HoldsIt(bool refuse)
    {
        _ = refuse ? _endpoint.Delay(Second).RefuseConnection() : _endpoint.Delay(Second).Reset();

        Task<HttpResponseMessage> call = SendAsync();
        Assert.False(call.IsCompleted);
        _clock.Advance(Second);

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task DelayAlways_EveryCall_IsDelayed()
    {
        _endpoint.Delay(Second).Reply(HttpStatusCode.Gone).Always();

        for (int i = 0; i < 3; i++)
        {
            Task<HttpResponseMessage> call = SendAsync();
            Assert.False(call.IsCompleted);
            _clock.Advance(Second);
            Assert.Equal(HttpStatusCode.Gone, (await call).StatusCode);
        }
    }

    [Fact]
    public async Task Requests_Call_AreSnapshots()
    {
        _clock.Advance(Second);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/x") { Content = new StringContent("hello") };
        request.Headers.Add("x-one", "1");
        request.Headers.Add("x-many", ["a", "b"]);
        using HttpResponseMessage response = await _client.SendAsync(request, Token);
        IReadOnlyList<ScriptedRequest> before = _endpoint.Requests;
        request.Headers.Remove("x-one");
        request.Method = HttpMethod.Put;
        using HttpResponseMessage other = await SendAsync();

        ScriptedRequest seen = Assert.Single(before);
        Assert.Equal(2, _endpoint.Requests.Count);
        Assert.Equal(HttpMethod.Post, seen.Method);
        Assert.Equal(new Uri("http://orders/x"), seen.Uri);
        Assert.Equal("1", seen.Headers["X-One"]);
        Assert.Equal("a, b", seen.Headers["x-many"]);
        Assert.Equal("text/plain; charset=utf-8", seen.Headers["content-type"]);
        Assert.Equal("hello"u8.ToArray(), seen.Body.ToArray());
        Assert.Equal(_clock.GetUtcNow(), seen.ReceivedAt);
        Assert.Equal("POST http://orders/x", seen.ToString());
    }

    [Fact]
    public async Task RequestBody_RefusedConnection_IsNotReadAndResetReadsIt()
    {
        _endpoint.RefuseConnection().Reset();
        using var stream = new MemoryStream([1, 2, 3]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/") { Content = new StreamContent(stream) };

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.SendAsync(request, Token));
        Assert.Equal(0, stream.Position);
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.SendAsync(request, Token));
        Assert.Equal(3, stream.Position);

        Assert.Equal([0, 3], _endpoint.Requests.Select(static r => r.Body.Length));
    }

    [Fact]
    public async Task InFlight_HangingCalls_ReturnsToZeroWhenTheyAreCancelled()
    {
        using var cancel = new CancellationTokenSource();
        _endpoint.Hang().Times(3);
        Task<HttpResponseMessage>[] calls = [.. Enumerable.Range(0, 3).Select(_ => SendAsync(token: cancel.Token))];
        Assert.Equal(3, _endpoint.InFlight);
        Assert.Equal([Default], await StatusesAsync(1));
        Assert.Equal(4, _endpoint.MaxInFlight);

        await cancel.CancelAsync();

        foreach (Task<HttpResponseMessage> call in calls)
        {
            Assert.Equal(cancel.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => call)).CancellationToken);
        }

        Assert.Equal(0, _endpoint.InFlight);
        Assert.Equal(4, _endpoint.MaxInFlight);
        Assert.Equal(4, _endpoint.Calls);
    }

    [Fact]
    public async Task ParallelCalls_ScriptedSteps_EachStepIsTakenAsOftenAsScripted()
    {
        const int Threads = 8;
        const int CallsEach = 500;
        const int Refused = 700;
        const int Unavailable = 900;
        _endpoint
            .RefuseConnection().Times(Refused)
            .Reply(HttpStatusCode.ServiceUnavailable).Times(Unavailable)
            .Reply(HttpStatusCode.Accepted)
            .Reply(HttpStatusCode.NoContent).Always();
        var seen = new ConcurrentDictionary<string, int>();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < CallsEach; i++)
            {
                string verdict;
                try
                {
                    using HttpResponseMessage response = await SendAsync();
                    verdict = response.StatusCode.ToString();
                }
                catch (HttpRequestException error)
                {
                    verdict = error.HttpRequestError.ToString();
                }

                seen.AddOrUpdate(verdict, 1, static (_, count) => count + 1);
            }
        })));

        Assert.Equal(Refused, seen["ConnectionError"]);
        Assert.Equal(Unavailable, seen["ServiceUnavailable"]);
        Assert.Equal(1, seen["Accepted"]);
        Assert.Equal((Threads * CallsEach) - Refused - Unavailable - 1, seen["NoContent"]);
        Assert.Equal(Threads * CallsEach, _endpoint.Calls);
        Assert.Equal(0, _endpoint.InFlight);
        Assert.InRange(_endpoint.MaxInFlight, 1, Threads);
    }

    [Fact]
    public async Task ParallelDelays_OnOneClock_EndTogether()
    {
        _endpoint.Delay(Second).Always();
        Task<HttpResponseMessage>[] calls = [.. Enumerable.Range(0, 100).Select(_ => SendAsync())];
        Assert.Equal(100, _clock.ActiveTimers);

        _clock.Advance(Second);

        await Task.WhenAll(calls);
        Assert.Equal(100, _endpoint.MaxInFlight);
        Assert.Equal(0, _endpoint.InFlight);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    private static HttpRequestMessage Request(string uri = "http://orders/") => new(HttpMethod.Get, uri);

    private async Task<HttpResponseMessage> SendAsync(string uri = "http://orders/", CancellationToken? token = null)
    {
        using HttpRequestMessage request = Request(uri);
        return await _client.SendAsync(request, token ?? Token);
    }

    private async Task<List<HttpStatusCode>> StatusesAsync(int calls)
    {
        var statuses = new List<HttpStatusCode>();
        for (int i = 0; i < calls; i++)
        {
            using HttpResponseMessage response = await SendAsync();
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }
}
