using System.Diagnostics.Metrics;
using Mesh.Agent.Options;
using Mesh.Agent.Telemetry;
using Mesh.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Inbound;

/// <summary>
/// The inbound listeners within the life of the agent: started after the outbound ones, which the programs need, and drained and stopped before them. The host waits for
/// <see cref="StoppingAsync"/> before it stops a server.
/// </summary>
internal sealed class InboundHosts(IConfigurationRoot configuration, AgentConfiguration agent, ILoggerFactory loggers, IMeterFactory meters, Action<IMeshBuilder>? mesh) : IHostedLifecycleService, IAsyncDisposable
{
    private readonly List<WebApplication> _apps = [];
    private volatile bool _isStopping;

    /// <summary>Whether the agent stops: from the first moment of the drain on.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>The hosts, in the order of the configuration.</summary>
    public IReadOnlyList<WebApplication> Apps => _apps;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (InboundPolicy inbound in agent.Current.Inbound)
        {
            WebApplication app = InboundHost.Create(configuration, inbound, agent.Current.MaxConnections, loggers, meters, mesh);
            _apps.Add(app);
            try
            {
                await app.StartAsync(cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                // Those before it may stand in the registry already.
                _apps.Remove(app);
                await using (app.ConfigureAwait(false))
                {
                    await StoppingAsync(cancellationToken).ConfigureAwait(false);
                }

                throw;
            }

            AgentLog.InboundReady(loggers.CreateLogger("Mesh.Agent"), inbound.Service, string.Join(", ", app.Urls), inbound.Forward.ToString());
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return Task.WhenAll(_apps.Select(a => a.StopAsync(cancellationToken)));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (WebApplication app in _apps)
        {
            await app.DisposeAsync().ConfigureAwait(false);
        }
    }
}
