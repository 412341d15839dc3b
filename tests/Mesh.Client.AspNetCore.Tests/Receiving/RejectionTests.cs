using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Receiving;

/// <summary>What a client that is refused gets to see.</summary>
public sealed class RejectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refused_Http_IsAProblemWithoutSecrets()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Name", "secret-rule"), ("Access:0:Deny:Networks:0", "127.0.0.0/8")]);

        using HttpResponseMessage response = await app.Client.PostAsync(new Uri("/x", UriKind.Relative), new StringContent("body"), Token);

        string body = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json", "no-store"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType, response.Headers.CacheControl!.ToString()));
        Assert.Equal(403, JsonDocument.Parse(body).RootElement.GetProperty("status").GetInt32());
        Assert.DoesNotContain("secret", body + response.Headers, StringComparison.Ordinal);
        Assert.DoesNotContain("127.", body, StringComparison.Ordinal);
        Assert.InRange(body.Length, 1, 200);
    }

    [Fact]
    public async Task Refused_Head_HasNoBody()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("DefaultAccess", "Deny")]);

        string answer = await app.RawAsync("HEAD /");

        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/grpc", "x-y: 1", "7", "Access to this service is denied.")]
    [InlineData("application/grpc+proto", "x-y: 1", "7", "Access to this service is denied.")]
    [InlineData("application/grpc", "grpc-timeout: 0S", "4", "The deadline of the request has passed.")]
    public async Task Refused_Grpc_IsATrailersOnlyReply(string type, string header, string status, string message)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("DefaultAccess", "Deny")], protocols: HttpProtocols.Http2);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Uri, "/orders.Orders/Get"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);

        using HttpResponseMessage response = await app.Client.SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.OK, status, message), (response.StatusCode, response.Headers.GetValues("grpc-status").Single(), response.Headers.GetValues("grpc-message").Single()));
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("Content-Type: application/grpc; x=\u00c3\u00a9")]
    [InlineData("Content-Type: application/grpc \u00c3\u00a9")]
    public async Task Refused_GrpcWithATypeThatNoAnswerMayHave_IsRefusedAllTheSame(string type)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("DefaultAccess", "Deny")]);

        string answer = await app.RawAsync("POST /", type, "Content-Length: 0");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("grpc-status: 7", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Refused_MeshClientCalls_SeesAnAnswerAndEjectsNobody()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Deny:Paths:0", "/x")]);
        using var client = new HttpClient(MeshHandlerFactory.Create(mesh => mesh
            .ConfigureDiscovery(static discovery => discovery.CacheDirectory = "")
            .AddService("orders", orders => orders.Endpoints.Add(new() { Address = app.Uri.ToString() }))));

        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage refused = await client.GetAsync(new Uri("http://orders/x"), Token);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        Assert.Equal("saw /y", await client.GetStringAsync(new Uri("http://orders/y"), Token));
    }
}
