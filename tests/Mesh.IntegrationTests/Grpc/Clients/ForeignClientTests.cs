using Mesh.IntegrationTests.Certificates;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;
using Mesh.IntegrationTests.Grpc.Support;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Grpc.Clients;

/// <summary>Foreign clients at a Kestrel endpoint that speaks gRPC in raw frames.</summary>
public sealed class ForeignClientTests
{
    [Theory]
    [InlineData(PeerKind.Node, false)]
    [InlineData(PeerKind.Node, true)]
    [InlineData(PeerKind.Python, false)]
    [InlineData(PeerKind.Python, true)]
    public async Task Call_OfAForeignClient_IsUnderstoodAndUnderstands(PeerKind kind, bool tls)
    {
        using var authority = new TestAuthority();
        using var certificate = tls ? authority.Issue("kestrel") : null;
        await using RealServer server = await RealServer.StartAsync(AnswerAsync, HttpProtocols.Http2, certificate);
        await using PeerClient client = await PeerClient.StartAsync(kind, server.Port, tls ? authority : null);

        PeerReply unary = await client.CallAsync("UnaryCall", """[{"response_size":3}]""");
        PeerReply refused = await client.CallAsync("UnaryCall", """[{"response_status":{"code":8,"message":"100% ☺"}}]""");
        PeerReply duplex = await client.CallAsync("FullDuplexCall", """[{"response_parameters":[{"size":1}]},{"response_parameters":[{"size":2}]},{"response_status":{"code":14,"message":"later"}}]""");
        PeerReply late = await client.CallAsync("EmptyCall", deadline: TimeSpan.FromMilliseconds(50));

        Assert.Equal(GrpcCode.OK, unary.Status);
        Assert.Equal("AAAA", unary.Messages.Single().GetProperty("payload").GetProperty("body").GetString());
        Assert.Equal((GrpcCode.ResourceExhausted, "100% ☺"), (refused.Status, refused.Message));
        Assert.Equal((GrpcCode.Unavailable, "later", 2), (duplex.Status, duplex.Message, duplex.Messages.Length));
        Assert.Equal(GrpcCode.DeadlineExceeded, late.Status);
    }

    private static Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/grpc.testing.TestService/UnaryCall" => UnaryAsync(new GrpcExchange(context)),
        "/grpc.testing.TestService/FullDuplexCall" => DuplexAsync(new GrpcExchange(context)),
        _ => Hanging.AnswerAsync(context),
    };

    private static async Task UnaryAsync(GrpcExchange exchange)
    {
        SimpleRequest request = (await exchange.ReadAsync(SimpleRequest.Parser))!;
        if (request.ResponseStatus is { } status)
        {
            await exchange.EndAsync((GrpcCode)status.Code, status.Message);
            return;
        }

        await exchange.WriteAsync(new SimpleResponse { Payload = InteropPayload.Zeros(request.ResponseSize) });
        await exchange.EndAsync();
    }

    private static async Task DuplexAsync(GrpcExchange exchange)
    {
        while (await exchange.ReadAsync(StreamingOutputCallRequest.Parser) is { } request)
        {
            foreach (ResponseParameters asked in request.ResponseParameters)
            {
                await exchange.WriteAsync(new StreamingOutputCallResponse { Payload = InteropPayload.Zeros(asked.Size) });
            }

            if (request.ResponseStatus is { } status)
            {
                await exchange.EndAsync((GrpcCode)status.Code, status.Message);
                return;
            }
        }

        await exchange.EndAsync();
    }
}
