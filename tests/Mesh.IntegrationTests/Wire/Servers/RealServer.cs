using System.Net;
using System.Security.Cryptography.X509Certificates;
using Mesh.Client.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Wire.Servers;

/// <summary>A real server on a port of its own.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _connections;
    private int _connectionsMade;
    private int _requests;

    private RealServer(RequestDelegate answer, HttpProtocols protocols, X509Certificate2? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                listen.Use(Count);
                if (certificate is not null)
                {
                    // Only a server that chooses by name reads the name.
                    listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate);
                }
            });
        });
        _app = builder.Build();
        _app.Run(context =>
        {
            Interlocked.Increment(ref _requests);
            return answer(context);
        });
    }

    public int Port => new Uri(_app.Urls.Single()).Port;

    public MeshEndpoint Endpoint => new("127.0.0.1", Port);

    /// <summary>The connections that are open now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The connections that were ever made.</summary>
    public int ConnectionsMade => Volatile.Read(ref _connectionsMade);

    /// <summary>The requests that arrived.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static async Task<RealServer> StartAsync(RequestDelegate answer, HttpProtocols protocols = HttpProtocols.Http1, X509Certificate2? certificate = null)
    {
        var server = new RealServer(answer, protocols, certificate);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Crashes it: the port closes, and connections are cut in the middle of their requests.</summary>
    public Task KillAsync() => _app.Services.GetRequiredService<IServer>().StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _app.DisposeAsync();
    }

    private ConnectionDelegate Count(ConnectionDelegate inner) => async connection =>
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _connectionsMade);
        try
        {
            await inner(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    };
}
