using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Wire;

/// <summary>HTTP versions, TLS, and the name that the server sees.</summary>
[Collection(typeof(OnTheWire))]
public sealed class VersionTests
{
    [Fact]
    public async Task Get_ByDefault_IsHttp11ToTheLogicalHost()
    {
        await using RealServer server = await RealServer.StartAsync(DescribeAsync);
        using var mesh = new WireMesh([server.Endpoint]);

        Assert.Equal("HTTP/1.1 http orders -", await mesh.Client.GetStringAsync("x", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_Http2WithoutTls_IsPriorKnowledge(bool byRequest)
    {
        await using RealServer server = await RealServer.StartAsync(DescribeAsync, HttpProtocols.Http2);
        using var mesh = new WireMesh([server.Endpoint], options => options.Transport.HttpVersion = byRequest ? "" : "2");
        using var request = new HttpRequestMessage(HttpMethod.Get, "x");
        if (byRequest)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("HTTP/2 http orders -", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("1.1", "HTTP/1.1 https orders orders")]
    [InlineData("2", "HTTP/2 https orders orders")]
    public async Task Get_OverTls_ShowsTheLogicalNameInSniAndHost(string version, string expected)
    {
        using X509Certificate2 certificate = Certificate("orders");
        await using RealServer server = await RealServer.StartAsync(DescribeAsync, HttpProtocols.Http1AndHttp2, certificate);
        using var mesh = new WireMesh([server.Endpoint], options => Trust(options, certificate));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://orders/x")
        {
            Version = version is "2" ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_OverTlsWithACertificateOfAnotherName_Fails()
    {
        using X509Certificate2 certificate = Certificate("inventory");
        await using RealServer server = await RealServer.StartAsync(DescribeAsync, HttpProtocols.Http1AndHttp2, certificate);
        using var mesh = new WireMesh([server.Endpoint], options => Trust(options, certificate));

        HttpRequestException error = await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => mesh.Client.GetStringAsync("https://orders/x", TestContext.Current.CancellationToken));

        Assert.Equal(HttpRequestError.SecureConnectionError, error.HttpRequestError);
        Assert.Equal(0, server.Requests);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "", "HTTP/1.1")]
    [InlineData(HttpProtocols.Http2, "2", "HTTP/2")]
    public async Task Get_WithHostHeaderEndpoint_ShowsTheAddress(HttpProtocols protocols, string version, string protocol)
    {
        await using RealServer server = await RealServer.StartAsync(DescribeAsync, protocols);
        using var mesh = new WireMesh([server.Endpoint], options =>
        {
            options.Transport.HostHeader = HostHeaderMode.Endpoint;
            options.Transport.HttpVersion = version;
        });

        Assert.Equal($"{protocol} http {server.Endpoint.Authority} -", await mesh.Client.GetStringAsync("x", TestContext.Current.CancellationToken));
    }

    private static Task DescribeAsync(HttpContext context)
    {
        string? sni = context.Features.Get<ITlsHandshakeFeature>()?.HostName;
        return context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Scheme} {context.Request.Host} {sni ?? "-"}");
    }

    // Trusts this certificate alone, and only for the name that the runtime checked it against.
    internal static void Trust(ServiceOptions options, X509Certificate2 certificate) => options.Transport.ConfigureHandler = (_, handler) =>
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, errors) =>
            errors is SslPolicyErrors.RemoteCertificateChainErrors && presented!.GetCertHashString() == certificate.GetCertHashString();

    internal static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
