using System.Globalization;
using Mesh.Agent.Tests.Support;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Agent.Tests.Outbound;

/// <summary>gRPC through the agent, in frames.</summary>
public sealed class GrpcTests
{
    [Fact]
    public async Task Unary_ThroughTheAgent_BringsMessageHeadersAndTrailers()
    {
        await using Upstream orders = await StartAsync(static async (context, exchange) =>
        {
            SimpleRequest request = (await exchange.ReadAsync(SimpleRequest.Parser))!;
            Assert.Equal("HTTP/2", context.Request.Protocol);
            Assert.Equal("trailers", context.Request.Headers.TE);
            context.Response.Headers["x-lead"] = context.Request.Headers["x-meta"];
            context.Response.DeclareTrailer("x-sum");
            await exchange.WriteAsync(new SimpleResponse { Payload = InteropPayload.Zeros(request.ResponseSize) });
            context.Response.AppendTrailer("x-sum", "7");
            await exchange.EndAsync();
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using GrpcCaller caller = Caller(agent);

        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest { ResponseSize = 1000 }, new GrpcCallOptions { Metadata = [("x-meta", "m")] });

        Assert.Equal((GrpcCode.OK, 1000), (reply.Code, reply.Message?.Payload.Body.Length));
        Assert.Equal(("m", "7"), (reply.Headers["x-lead"], reply.Trailers["x-sum"]));
    }

    [Fact]
    public async Task Duplex_ThroughTheAgent_AnswersMessageByMessage()
    {
        await using Upstream orders = await StartAsync(static async (context, exchange) =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync(context.RequestAborted);
            while (await exchange.ReadAsync(StreamingOutputCallRequest.Parser) is { } request)
            {
                await exchange.WriteAsync(new StreamingOutputCallResponse { Payload = request.Payload });
            }

            await exchange.EndAsync();
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using GrpcCaller caller = Caller(agent);
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.Streaming(TestService.FullDuplexCall);

        for (int size = 1; size <= 3; size++)
        {
            // The next one is written only after the answer to this one has come.
            Assert.True(await call.WriteAsync(new StreamingOutputCallRequest { Payload = InteropPayload.Zeros(size) }));
            int? answered = (await call.ReadAsync())?.Payload.Body.Length;
            Assert.True(answered == size, $"{call.Status}");
        }

        call.Complete();
        Assert.Null(await call.ReadAsync());
        Assert.Equal(GrpcCode.OK, call.Status?.Code);
    }

    [Fact]
    public async Task Duplex_WhoseServiceSpeaksFirst_BeginsWithoutAMessage()
    {
        await using Upstream orders = await StartAsync(static async (context, exchange) =>
        {
            await exchange.WriteAsync(new StreamingOutputCallResponse { Payload = InteropPayload.Zeros(1) });
            await exchange.ReadAsync(StreamingOutputCallRequest.Parser);
            await exchange.EndAsync();
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using GrpcCaller caller = Caller(agent);
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.Streaming(TestService.FullDuplexCall);

        Assert.Equal(1, (await call.ReadAsync())?.Payload.Body.Length);
        call.Complete();
        Assert.Null(await call.ReadAsync());
        Assert.Equal(GrpcCode.OK, call.Status?.Code);
    }

    [Fact]
    public async Task ClientStream_ThroughTheAgent_IsSummed()
    {
        await using Upstream orders = await StartAsync(static async (context, exchange) =>
        {
            int sum = 0;
            while (await exchange.ReadAsync(StreamingInputCallRequest.Parser) is { } request)
            {
                sum += request.Payload.Body.Length;
            }

            await exchange.WriteAsync(new StreamingInputCallResponse { AggregatedPayloadSize = sum });
            await exchange.EndAsync();
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using GrpcCaller caller = Caller(agent);
        using GrpcCall<StreamingInputCallRequest, StreamingInputCallResponse> call = caller.Streaming(TestService.StreamingInputCall);

        for (int i = 0; i < 10; i++)
        {
            Assert.True(await call.WriteAsync(new StreamingInputCallRequest { Payload = InteropPayload.Zeros(100_000) }));
        }

        call.Complete();
        Assert.Equal(1_000_000, (await call.SingleAsync()).Message?.AggregatedPayloadSize);
    }

    [Fact]
    public async Task ServerStream_ThroughTheAgent_IsWhole()
    {
        await using Upstream orders = await StartAsync(static async (context, exchange) =>
        {
            await exchange.ReadAsync(StreamingOutputCallRequest.Parser);
            for (int i = 0; i < 100; i++)
            {
                await exchange.WriteAsync(new StreamingOutputCallResponse { Payload = InteropPayload.Zeros(10_000) });
            }

            await exchange.EndAsync(GrpcCode.Aborted, "enough");
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using GrpcCaller caller = Caller(agent);
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.ServerStreaming(TestService.StreamingOutputCall, new StreamingOutputCallRequest());

        Assert.Equal(100, (await call.AllAsync()).Count);
        Assert.Equal(new GrpcStatus(GrpcCode.Aborted, "enough"), call.Status);
    }

    [Fact]
    public async Task Unary_ThatOneInstanceCannotTake_IsAnsweredByAnother()
    {
        int unavailable = 0;
        RequestDelegate run = context =>
        {
            var exchange = new GrpcExchange(context);
            return Interlocked.Increment(ref unavailable) == 1 ? RefuseAsync(exchange) : AnswerAsync(exchange);
        };
        await using Upstream one = await Upstream.StartAsync(run, HttpProtocols.Http2);
        await using Upstream two = await Upstream.StartAsync(run, HttpProtocols.Http2);
        await using TestAgent agent = await TestAgent.StartAsync([one.Uri, two.Uri]);
        using GrpcCaller caller = Caller(agent);

        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest { Payload = InteropPayload.Zeros(500) });

        Assert.Equal((GrpcCode.OK, "500"), (reply.Code, reply.Message?.ServerId));
        Assert.Equal((1, 1), (one.Requests, two.Requests));

        static async Task RefuseAsync(GrpcExchange exchange)
        {
            await exchange.ReadAsync(SimpleRequest.Parser);
            await exchange.EndAsync(GrpcCode.Unavailable, "not now");
        }

        static async Task AnswerAsync(GrpcExchange exchange)
        {
            SimpleRequest request = (await exchange.ReadAsync(SimpleRequest.Parser))!;
            await exchange.WriteAsync(new SimpleResponse { ServerId = request.Payload.Body.Length.ToString(CultureInfo.InvariantCulture) });
            await exchange.EndAsync();
        }
    }

    [Fact]
    public async Task Deadline_OfACall_EndsItAsAStatus()
    {
        await using Upstream orders = await StartAsync(static (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Direct(System.Net.HttpVersion.Version20);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("http://orders/grpc.testing.TestService/UnaryCall"))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new UnaryContent(new SimpleRequest(), once: true),
        };
        request.Headers.Add("grpc-timeout", "200m");

        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(GrpcCode.DeadlineExceeded, GrpcStatus.OfHeaders(answer)?.Code ?? GrpcStatus.OfTrailers(answer).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reply_ThatTakesItsTimeAndMayRunTwice_ComesWhole(bool isSlowAtItsHead)
    {
        await using Upstream orders = await StartAsync(async (context, exchange) =>
        {
            await exchange.ReadAsync(SimpleRequest.Parser);
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(isSlowAtItsHead ? 100 : 0), TimeProvider.System, context.RequestAborted);
            await exchange.WriteAsync(new SimpleResponse { ServerId = "late" });
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, context.RequestAborted);
            await exchange.EndAsync();
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Mesh:Services:orders:Retry:NonIdempotent", "true")]);
        using GrpcCaller caller = Caller(agent);

        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest()).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal((GrpcCode.OK, "late"), (reply.Code, reply.Message?.ServerId));
    }

    [Theory]
    [InlineData("orders", GrpcCode.Unavailable)]
    [InlineData("example.com", GrpcCode.PermissionDenied)]
    public async Task Call_ThatLeadsNowhere_IsAStatus(string host, GrpcCode code)
    {
        await using TestAgent agent = await TestAgent.StartAsync([]);
        using GrpcCaller caller = new(agent.DirectHandler(), $"http://{host}");

        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest());

        Assert.Equal(code, reply.Code);
        Assert.Contains(host, reply.Detail, StringComparison.Ordinal);
    }

    private static GrpcCaller Caller(TestAgent agent) => new(agent.DirectHandler(), "http://orders");

    private static Task<Upstream> StartAsync(Func<HttpContext, GrpcExchange, Task> run) => Upstream.StartAsync(context => run(context, new GrpcExchange(context)), HttpProtocols.Http2);
}
