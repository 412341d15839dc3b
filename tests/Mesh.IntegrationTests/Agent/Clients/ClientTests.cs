using System.Globalization;
using Mesh.IntegrationTests.Agent.Servers;
using Mesh.IntegrationTests.Cache;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Agent.Clients;

/// <summary>Programs as they are found on machines, pointed at a real agent as docs/agent.md says.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private StreamServer? _orders;
    private AgentProcess? _agent;

    private string Outbound => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_agent!.Outbound}");

    private string Socket => $"{_folder.Path}/outbound.sock";

    public async ValueTask InitializeAsync()
    {
        _orders = await StreamServer.StartAsync(HttpProtocols.Http1);
        _agent = await AgentProcess.StartAsync(("Agent:Outbound:1", $"unix:{Socket}"), ("Mesh:Services:orders:Endpoints:0:Address", _orders.Address));
    }

    [Fact]
    public async Task Curl_WithHttpProxy_Calls() => Assert.Equal("200 5", await CurlAsync([("http_proxy", Outbound)], "http://orders/5"));

    [Fact]
    public async Task Curl_WithHost_Calls() => Assert.Equal("200 5", await CurlAsync([], "-H", "Host: orders", $"{Outbound}/5"));

    [Fact]
    public async Task Curl_OverAUnixSocket_Calls() => Assert.Equal("200 5", await CurlAsync([], "--unix-socket", Socket, "http://orders/5"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Curl_ByHttp2WithPriorKnowledge_Calls(bool unix) => Assert.Equal(
        "200 5",
        await CurlAsync([], [.. unix ? (string[])["--unix-socket", Socket] : ["--connect-to", $"orders:80:127.0.0.1:{_agent!.Outbound.ToString(CultureInfo.InvariantCulture)}"], "--http2-prior-knowledge", "http://orders/5"]));

    /// <summary>It offers h2c; the agent stays with HTTP/1.1.</summary>
    [Fact]
    public async Task Curl_ThatOffersHttp2_Calls() => Assert.Equal("200 5", await CurlAsync([("http_proxy", Outbound)], "--http2", "http://orders/5"));

    [Theory]
    [InlineData("-T")]
    [InlineData("--data-binary")]
    public async Task Curl_ThatExpects100_SendsItsBody(string option)
    {
        string file = Path.Combine(_folder.Path, "body");
        await File.WriteAllBytesAsync(file, new byte[5 << 20], TestContext.Current.CancellationToken);

        string output = await ClientRun.OutputAsync("curl", [("http_proxy", Outbound)], "-sS", "-v", "--expect100-timeout", "60", "-H", "Expect: 100-continue", option, option == "-T" ? file : $"@{file}", "http://orders/0");

        Assert.Contains("HTTP/1.1 100 Continue", output, StringComparison.Ordinal);
        Assert.Contains("x-bytes: 5242880", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Curl_WithHttpsProxy_IsToldWhyNot()
    {
        string output = await ClientRun.OutputAsync("curl", [("https_proxy", Outbound)], "-sS", "-v", "https://orders/5");

        Assert.Contains("HTTP/1.1 405 Method Not Allowed", output, StringComparison.Ordinal);
        Assert.Contains("x-mesh-reason: tunnel", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Node_WithAnAgentOfItsOwn_CallsAgainAndAgain()
    {
        const string Program = """
            const http = require('http');
            const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
            const port = process.env.PORT, socketPath = process.env.SOCKET;
            const call = (options, body) => new Promise((done, fail) => {
              const request = http.request({ agent, method: body ? 'POST' : 'GET', ...options }, response => {
                let length = 0;
                response.on('data', piece => length += piece.length).on('end', () => done(`${response.statusCode} ${length} ${response.headers['x-bytes']}`));
              }).on('error', fail);
              body ? (request.write(body), request.end(body)) : request.end();
            });
            (async () => {
              const seen = [];
              for (let i = 0; i < 3; i++) seen.push(await call({ port, path: 'http://orders/5', headers: { Host: 'orders' } }));
              seen.push(await call({ port, path: '/5', headers: { Host: 'orders' } }, 'hello'));
              seen.push(await call({ socketPath, path: '/5', headers: { Host: 'orders' } }, 'hello'));
              console.log(seen.join(', '));
              agent.destroy();
            })();
            """;

        Assert.Equal("200 5 0, 200 5 0, 200 5 0, 200 5 10, 200 5 10\n", await NodeAsync(Program));
    }

    [Fact]
    public async Task Node_ByHttp2_CallsManyAtOnce()
    {
        const string Program = """
            const session = require('http2').connect(`http://127.0.0.1:${process.env.PORT}`);
            const call = body => new Promise((done, fail) => {
              let status, length = 0;
              const stream = session.request({ ':method': 'POST', ':path': '/5', ':authority': 'orders' });
              stream.on('response', headers => status = `${headers[':status']} ${headers['x-bytes']}`).on('data', piece => length += piece.length).on('end', () => done(`${status} ${length}`)).on('error', fail);
              stream.end(body);
            });
            Promise.all(Array.from({ length: 50 }, () => call('hello'))).then(seen => { console.log([...new Set(seen)].join(', ')); session.close(); });
            """;

        Assert.Equal("200 5 5\n", await NodeAsync(Program));
    }

    [Fact]
    public async Task Python_WithHttpProxy_Calls()
    {
        const string Program = """
            import http.client, os, socket, urllib.request
            print(urllib.request.urlopen('http://orders/5').status, len(urllib.request.urlopen('http://orders/5', data=b'hello').read()))
            class Unix(http.client.HTTPConnection):
                def connect(self):
                    self.sock = socket.socket(socket.AF_UNIX)
                    self.sock.connect(os.environ['SOCKET'])
            connection = Unix('orders')
            for body in (b'hello', iter([b'he', b'llo'])):
                connection.request('POST', '/5', body=body)
                answer = connection.getresponse()
                print(answer.status, answer.headers['x-bytes'], len(answer.read()))
            """;

        Assert.Equal("200 5\n200 5 5\n200 5 5\n", await ClientRun.OutputAsync("python3", [("http_proxy", Outbound), ("SOCKET", Socket)], "-c", Program));
    }

    public async ValueTask DisposeAsync()
    {
        await _agent!.DisposeAsync();
        await _orders!.DisposeAsync();
        _folder.Dispose();
    }

    private static Task<string> CurlAsync((string Name, string Value)[] environment, params string[] arguments) =>
        ClientRun.OutputAsync("curl", environment, ["-sS", "-o", "/dev/null", "-w", "%{http_code} %{size_download}", .. arguments]);

    private Task<string> NodeAsync(string program) =>
        ClientRun.OutputAsync("node", [("PORT", _agent!.Outbound.ToString(CultureInfo.InvariantCulture)), ("SOCKET", Socket)], "-e", program);
}
