using System.Net.Sockets;
using System.Text;
using Mesh.Agent.Tests.Support;
using Mesh.Client.AspNetCore.Tests.Lifecycle;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Agent.Tests.Admin.Registrations;

/// <summary>An agent that takes the place of another.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-agent-").FullName;

    private string Socket => Path.Combine(_folder, "admin.sock");

    private string Cache => Path.Combine(_folder, "cache");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Program_ThatOnlyItsHealthCheckKeeps_IsRegisteredAgain()
    {
        int status = 200;
        await using Upstream program = await Upstream.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        string body = $$"""{ "service": "inventory", "address": "127.0.0.1:{{program.Uri.Port}}", "healthCheck": "/healthz", "healthInterval": "00:00:00.100" }""";
        var first = new FakeRegistrar();
        await using (TestAgent agent = await StartAsync(first))
        {
            await PutAsync("kept", body);
            await PutAsync("gone", body);
            await PutAsync("silent", """{ "service": "inventory", "port": 9000 }""");
            await Until.HoldsAsync(() => first.Registered.Length == 3);
            await SendAsync(HttpMethod.Delete, "gone", null);
            await Until.HoldsAsync(() => Directory.Exists(Cache) && Directory.GetFiles(Cache, "*.json").Any(static f => File.ReadAllText(f) is var text && text.Contains("kept", StringComparison.Ordinal) && !text.Contains("gone", StringComparison.Ordinal)));
            await agent.StopAsync();
            Assert.Equal(3, first.Deregistered.Length);
        }

        // It is asked before it is registered: it may have stopped with the agent.
        Volatile.Write(ref status, 503);
        int asked = program.Requests;
        var second = new FakeRegistrar();
        await using TestAgent next = await StartAsync(second);
        await Until.HoldsAsync(() => program.Requests > asked);
        Assert.Empty(second.Registered);
        Volatile.Write(ref status, 200);
        await Until.HoldsAsync(() => second.Registered.Length > 0);

        Assert.Equal(["kept"], second.Registered.Select(static i => i.Id));
    }

    [Fact]
    public async Task File_ThatIsTorn_IsLeftAside()
    {
        await using (TestAgent agent = await StartAsync(new FakeRegistrar()))
        {
            await PutAsync("kept", """{ "service": "inventory", "port": 9000, "healthCheck": "tcp" }""");
            await Until.HoldsAsync(() => Directory.Exists(Cache) && Directory.GetFiles(Cache, "*.json").Any(static f => File.ReadAllText(f).Contains("kept", StringComparison.Ordinal)));
        }

        string file = Assert.Single(Directory.GetFiles(Cache, "*.json"));
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))[..^20], TestContext.Current.CancellationToken);

        await using TestAgent next = await StartAsync(new FakeRegistrar());
        await Until.HoldsAsync(() => next.Log.Of(2100).Length > 0);
        using HttpClient client = Client();
        Assert.Equal("""{"items":[]}""", await client.GetStringAsync(new Uri("http://localhost/v1/registrations"), TestContext.Current.CancellationToken));
    }

    private Task<TestAgent> StartAsync(FakeRegistrar registry) => RegistryAgent.StartAsync(registry, ("Agent:Admin", $"unix:{Socket}"), ("Mesh:Discovery:CacheDirectory", Cache));

    private Task PutAsync(string id, string body) => SendAsync(HttpMethod.Put, id, body);

    private async Task SendAsync(HttpMethod method, string id, string? body)
    {
        using HttpClient client = Client();
        using var request = new HttpRequestMessage(method, new Uri($"http://localhost/v1/registrations/{id}")) { Headers = { { "X-Mesh-Admin", "1" } } };
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
