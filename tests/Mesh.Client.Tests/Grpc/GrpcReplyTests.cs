using System.Net;
using Mesh.Client.Grpc;

namespace Mesh.Client.Tests.Grpc;

public sealed class GrpcReplyTests
{
    [Fact]
    public async Task Create_Status_IsAReplyOfTrailersOnly()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/shop.Orders/Get");
        using HttpResponseMessage reply = GrpcReply.Create(request, GrpcStatusCode.ResourceExhausted, "limit \"per tenant\" ☺");

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(HttpVersion.Version20, reply.Version);
        Assert.Same(request, reply.RequestMessage);
        Assert.Equal("8", Assert.Single(reply.Headers.GetValues("grpc-status")));
        Assert.Equal("limit \"per tenant\" %E2%98%BA", Assert.Single(reply.Headers.GetValues("grpc-message")));
        Assert.Equal("application/grpc", reply.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Empty(reply.TrailingHeaders);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, GrpcReply.StatusOf(reply.Headers));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("16", 16)]
    [InlineData("17", 2)]
    [InlineData("-1", 2)]
    [InlineData("99999999999999999999", 2)]
    [InlineData("OK", 2)]
    [InlineData("", 2)]
    [InlineData("14, 14", 2)]
    public void StatusOf_AnyValue_IsItsStatusOrUnknown(string value, int status)
    {
        using var reply = new HttpResponseMessage();
        reply.Headers.TryAddWithoutValidation("grpc-status", value);

        Assert.Equal((GrpcStatusCode)status, GrpcReply.StatusOf(reply.Headers));
    }

    [Fact]
    public void StatusOf_None_IsNone()
    {
        using var reply = new HttpResponseMessage();

        Assert.Null(GrpcReply.StatusOf(reply.Headers));
    }

    [Theory]
    [InlineData(400, 13)]
    [InlineData(401, 16)]
    [InlineData(403, 7)]
    [InlineData(404, 12)]
    [InlineData(429, 14)]
    [InlineData(502, 14)]
    [InlineData(503, 14)]
    [InlineData(504, 14)]
    [InlineData(200, 2)]
    [InlineData(500, 2)]
    public void OfHttp_Status_IsThatOfTheSpecification(int http, int status) => Assert.Equal((GrpcStatusCode)status, GrpcReply.OfHttp((HttpStatusCode)http));

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("Application/gRPC", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("application/grpc; charset=utf-8", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/grpcx", false)]
    [InlineData("application/json", false)]
    public void Is_ContentType_TellsGrpc(string contentType, bool isGrpc)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/shop.Orders/Get") { Content = new ByteArrayContent([]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        Assert.Equal(isGrpc, GrpcRequest.Is(request));
    }

    [Fact]
    public void Is_NoContentOrAnotherMethod_IsNot()
    {
        using var get = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        using var put = new HttpRequestMessage(HttpMethod.Put, "http://orders/") { Content = new ByteArrayContent([]) };
        put.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        Assert.False(GrpcRequest.Is(get));
        Assert.False(GrpcRequest.Is(put));
    }
}
