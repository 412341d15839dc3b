using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>A real Kestrel behind <c>UseMesh()</c> that does some work for each request. It logs, so that ASP.NET Core begins an activity though nobody listens.</summary>
internal sealed class ReceivingService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReceivingService(WebApplication app) => _app = app;

    public static async Task<ReceivingService> StartAsync(Func<Task> work)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new LinesOfLog());
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddMesh(new ConfigurationBuilder().Build(), static mesh => mesh.ConfigureDiscovery(static d => d.CacheDirectory = ""));
        WebApplication app = builder.Build();
        app.UseMesh();
        app.Run(_ => work());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ReceivingService(app);
    }

    /// <summary>Sends it a request with exactly these header lines.</summary>
    public async Task ReceiveAsync(string[] traceParents, string[] traceStates)
    {
        var text = new StringBuilder("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        text.AppendJoin("", traceParents.Select(static p => $"traceparent: {p}\r\n")).AppendJoin("", traceStates.Select(static s => $"tracestate: {s}\r\n")).Append("\r\n");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.First()).Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text.ToString()), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        string answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
