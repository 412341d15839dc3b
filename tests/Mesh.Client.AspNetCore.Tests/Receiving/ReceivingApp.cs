using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Tests.Receiving;

/// <summary>A real Kestrel with <c>UseMesh()</c>; its application answers with the path that it saw.</summary>
internal sealed class ReceivingApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReceivingApp(WebApplication app, ConcurrentQueue<string> log)
    {
        _app = app;
        Log = log;
        Uri = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Uri };
    }

    public Uri Uri { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Lines of the receiving side, <c>4100 Refused …</c>.</summary>
    public ConcurrentQueue<string> Log { get; }

    public IConfigurationRoot Configuration => (IConfigurationRoot)_app.Configuration;

    /// <summary>Starts the application.</summary>
    /// <param name="server">Keys beneath <c>Mesh:Server</c>.</param>
    /// <param name="run">The application; by default it answers with its path.</param>
    /// <param name="mesh">More of the mesh.</param>
    /// <param name="before">Middleware above the mesh.</param>
    /// <param name="protocols">The HTTP versions.</param>
    public static async Task<ReceivingApp> StartAsync(
        (string Key, string? Value)[]? server = null,
        RequestDelegate? run = null,
        Action<Mesh.Client.IMeshBuilder>? mesh = null,
        Action<WebApplication>? before = null,
        HttpProtocols protocols = HttpProtocols.Http1)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new ConcurrentQueue<string>();
        builder.Configuration.AddInMemoryCollection((server ?? []).Select(static e => new KeyValuePair<string, string?>($"Mesh:Server:{e.Key}", e.Value)).Append(new("Mesh:Discovery:CacheDirectory", "")));
        builder.Logging.ClearProviders().AddProvider(new QueueLog(log));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestHeadersTotalSize = 256 * 1024;
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MaxRequestBufferSize = 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
        });
        builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), mesh);
        WebApplication app = builder.Build();
        before?.Invoke(app);
        app.UseMesh();
        app.Run(run ?? (static context => context.Response.WriteAsync($"saw {context.Request.Path.Value}")));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ReceivingApp(app, log);
    }

    /// <summary>Sends a request as it stands, past everything that would tidy it up, and reads the status of the answer.</summary>
    public async Task<int> StatusOfAsync(string requestLine, params string[] headers)
    {
        string answer = await RawAsync(requestLine, headers);
        return int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Sends requests until one is answered with a status.</summary>
    public async Task AnswersAsync(string requestLine, int status)
    {
        while (await StatusOfAsync(requestLine) != status)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async Task<string> RawAsync(string requestLine, params string[] headers)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Uri.Port, TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        string text = $"{requestLine} HTTP/1.1\r\nHost: service\r\nConnection: close\r\n{string.Concat(headers.Select(static h => $"{h}\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class QueueLog(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is >= 4100 and < 4200)
            {
                lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");
            }
        }

        public void Dispose()
        {
        }
    }
}
