using System.Net;
using System.Net.Security;
using Mesh.Client.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Resilience;

namespace Mesh.Client.Tests.DependencyInjection;

/// <summary>What becomes of the primary handler that a client had.</summary>
public sealed class PrimaryHandlerTests
{
    private const int SettingsNotUsed = 2008;
    private const int SecondGovernor = 2009;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replaced_TestDouble_CarriesTheCallsToServicesAndSeesTheLogicalUri()
    {
        var primary = new RecordingHandler();
        using var mesh = new ScriptedMesh(client: c => c.ConfigurePrimaryHttpMessageHandler(() => primary));

        (await mesh.Client.GetAsync("http://orders/x?y=1", Token)).Dispose();
        (await mesh.Client.GetAsync("https://orders.mesh:8443/x", Token)).Dispose();
        (await mesh.Client.GetAsync("http://www.example.com/x", Token)).Dispose();
        (await mesh.Client.GetAsync("http://unknown/x", Token)).Dispose();
        (await mesh.Client.GetAsync("http://127.0.0.1/x", Token)).Dispose();

        Assert.Equal(
            ["GET http://orders/x?y=1", "GET https://orders.mesh:8443/x", "GET http://www.example.com/x", "GET http://unknown/x", "GET http://127.0.0.1/x"],
            primary.Seen);
        Assert.Equal(0, mesh[1].Calls);
        Assert.Equal(0, mesh.Hosts.Asked("orders") + mesh.Hosts.Asked("unknown"));
        Assert.Empty(mesh.Log.Warnings);
    }

    [Fact]
    public async Task Replaced_TestDouble_GetsRetriesTimeoutsAndTheBreaker()
    {
        int failures = 2;
        var primary = new RecordingHandler(_ => new HttpResponseMessage(failures-- > 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
        using var mesh = new ScriptedMesh(client: c => c.ConfigurePrimaryHttpMessageHandler(() => primary));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, primary.Calls);
    }

    [Fact]
    public async Task Replaced_TwoClientsWithDoublesOfTheirOwn_AreKeptApart()
    {
        var first = new RecordingHandler(static _ => new HttpResponseMessage(HttpStatusCode.NotFound));
        var second = new RecordingHandler(static _ => new HttpResponseMessage(HttpStatusCode.Accepted));
        using var mesh = new ScriptedMesh(
            client: c => c.ConfigurePrimaryHttpMessageHandler(() => first),
            services: s => s.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => second));
        HttpClient other = mesh.Provider.GetRequiredService<IHttpClientFactory>().CreateClient("other");

        Assert.Equal(HttpStatusCode.NotFound, (await mesh.Client.GetAsync("http://orders/x", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await other.GetAsync("http://orders/x", Token)).StatusCode);
    }

    [Fact]
    public async Task Replaced_TheMeshEnds_DoesNotEndTheDouble()
    {
        var primary = new RecordingHandler();
        var mesh = new ScriptedMesh(client: c => c.ConfigurePrimaryHttpMessageHandler(() => primary));
        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        mesh.Dispose();

        Assert.False(primary.IsDisposed);
    }

    public static TheoryData<string> Unused => ["ssl options", "proxy", "decompression", "credentials", "connect callback", "client: certificates", "client: automatic certificates", "client: validation", "client: proxy", "client: decompression", "client: credentials", "client: default credentials"];

    [Theory]
    [MemberData(nameof(Unused))]
    public void Settings_ThatServicesWillNotGet_AreWarnedOfOnce(string setting)
    {
        using var mesh = new ScriptedMesh(client: c => c.ConfigurePrimaryHttpMessageHandler(() => Make(setting)));

        _ = mesh.Client;
        _ = mesh.Client;

        string warning = Assert.Single(mesh.Log.Warnings);
        Assert.Equal(warning, Assert.Single(mesh.Log.Of(SettingsNotUsed)));
        Assert.Contains("\"test\"", warning, StringComparison.Ordinal);
        Assert.Contains("Mesh:Services:<name>:Transport", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("client: plain")]
    public async Task Settings_ThatMakeNoDifference_GiveNoWarning(string setting)
    {
        using var mesh = new ScriptedMesh(client: c => c.ConfigurePrimaryHttpMessageHandler(() => Make(setting)));

        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        Assert.Equal(1, mesh[1].Calls);
        Assert.Empty(mesh.Log.Warnings);
    }

    [Fact]
    public void Settings_OfAHandlerThatIsMadeAnew_AreWarnedOfOnce()
    {
        using var mesh = new ScriptedMesh();
        MeshHandlerFilter filter = mesh.Provider.GetServices<IHttpMessageHandlerBuilderFilter>().OfType<MeshHandlerFilter>().Single();

        for (int i = 0; i < 3; i++)
        {
            var builder = new HandlerBuilder { Name = "rotating", PrimaryHandler = Make("proxy") };
            builder.AdditionalHandlers.Add(new ResilienceHandler());
            filter.Configure(static _ => { })(builder);
        }

        Assert.Single(mesh.Log.Of(SettingsNotUsed));
        Assert.Single(mesh.Log.Of(SecondGovernor));
    }

    [Fact]
    public async Task ResilienceHandlerAbove_GivesOneWarning()
    {
        using var mesh = new ScriptedMesh(client: static c => c.AddHttpMessageHandler(static () => new ResilienceHandler()));

        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();
        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        string warning = Assert.Single(mesh.Log.Warnings);
        Assert.Equal(warning, Assert.Single(mesh.Log.Of(SecondGovernor)));
        Assert.Contains("\"test\"", warning, StringComparison.Ordinal);
        Assert.Contains("Microsoft.Extensions.Http.Resilience.ResilienceHandler", warning, StringComparison.Ordinal);
        Assert.Contains("RemoveMesh()", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void OneHandlerForManyClients_WhichIsInUseAlready_IsTakenAsItIs()
    {
        using var shared = new SocketsHttpHandler { ConnectCallback = null };
        using (var used = new HttpMessageInvoker(shared, disposeHandler: false))
        {
            // The first request, even one that fails at once, seals the handler's settings.
            Assert.ThrowsAny<Exception>(() => used.Send(new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/"), Token));
        }

        using var mesh = new ScriptedMesh(client: c => c.ConfigurePrimaryHttpMessageHandler(() => shared));

        using HttpClient client = mesh.Client;
        Assert.Equal(Timeout.InfiniteTimeSpan, shared.PooledConnectionLifetime);
    }

    [Fact]
    public void DefaultPrimary_GetsALifetimeForItsConnections()
    {
        SocketsHttpHandler? primary = null;
        using var mesh = new ScriptedMesh(client: c => c.ConfigurePrimaryHttpMessageHandler((handler, _) => primary = handler as SocketsHttpHandler));

        _ = mesh.Client;

        Assert.Equal(TimeSpan.FromMinutes(2), primary?.PooledConnectionLifetime);
    }

    private static HttpMessageHandler Make(string setting) => setting switch
    {
        "plain" => new SocketsHttpHandler { MaxConnectionsPerServer = 5, AllowAutoRedirect = false },
        "ssl options" => new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, errors) => errors == SslPolicyErrors.None } },
        "proxy" => new SocketsHttpHandler { Proxy = new WebProxy("http://127.0.0.1:3128") },
        "decompression" => new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All },
        "credentials" => new SocketsHttpHandler { Credentials = new NetworkCredential("u", "p") },
        "connect callback" => new SocketsHttpHandler { ConnectCallback = static (_, _) => throw new InvalidOperationException() },
        "client: plain" => new HttpClientHandler { MaxConnectionsPerServer = 5 },
        "client: automatic certificates" => new HttpClientHandler { ClientCertificateOptions = ClientCertificateOption.Automatic },
        "client: certificates" => WithCertificate(new HttpClientHandler()),
        "client: validation" => new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, errors) => errors == SslPolicyErrors.None },
        "client: proxy" => new HttpClientHandler { Proxy = new WebProxy("http://127.0.0.1:3128") },
        "client: decompression" => new HttpClientHandler { AutomaticDecompression = DecompressionMethods.GZip },
        "client: credentials" => new HttpClientHandler { Credentials = new NetworkCredential("u", "p") },
        "client: default credentials" => new HttpClientHandler { UseDefaultCredentials = true },
        _ => throw new ArgumentOutOfRangeException(nameof(setting), setting, "not known"),
    };

    private static HttpClientHandler WithCertificate(HttpClientHandler handler)
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=client", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        handler.ClientCertificates.Add(request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100)));
        return handler;
    }
}
