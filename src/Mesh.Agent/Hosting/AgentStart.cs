using Mesh.Agent.Commands;
using Mesh.Agent.Options;
using Mesh.Agent.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Hosting;

/// <summary>Says that the agent is ready, and where, and when it stops.</summary>
internal sealed class AgentStart(AgentConfiguration configuration, IServer server, ILoggerFactory loggers) : IHostedLifecycleService
{
    private readonly ServiceManager _manager = new(Environment.GetEnvironmentVariable(ServiceManager.Variable), loggers.CreateLogger("Mesh.Agent"));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // What is listened on in the order of the configuration: a port of 0 is known by now.
        string[] listening = [.. server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];
        int outbound = configuration.Current.Outbound.Items.Length;
        AgentLog.Ready(loggers.CreateLogger("Mesh.Agent"), AgentVersion.Text, Text(listening[..outbound]), Text(listening[outbound..]));
        _manager.Ready();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _manager.Stopping();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Text(string[] places) => places.Length == 0 ? "nowhere" : string.Join(", ", places);
}
