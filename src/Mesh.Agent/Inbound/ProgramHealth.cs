using Mesh.Agent.Health;
using Mesh.Agent.Options;
using Mesh.Agent.Telemetry;
using Mesh.Client.Model;
using Mesh.Client.Probing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Inbound;

/// <summary>Asks the local program, round after round, whether it is well.</summary>
internal sealed class ProgramHealth(InboundPolicy inbound, ProgramState program, TimeProvider clock, Random random, ILogger logger) : BackgroundService
{
    private bool _isKnown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await new HealthRounds(inbound.Health, Create, clock, random).RunAsync(Take, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host takes this for a failure where it never was started to its end.
        }
    }

    private void Take(bool isWell, string? fault)
    {
        bool isFirst = !_isKnown;
        _isKnown = true;
        if (isWell == program.IsWell)
        {
            if (isFirst && !isWell)
            {
                AgentLog.ProgramAwaited(logger, inbound.Service, inbound.Forward.ToString(), fault ?? "");
            }

            return;
        }

        if (isWell)
        {
            AgentLog.ProgramWell(logger, inbound.Service, inbound.Forward.ToString());
        }
        else
        {
            AgentLog.ProgramUnwell(logger, inbound.Service, inbound.Forward.ToString(), fault ?? "");
        }

        program.IsWell = isWell;
    }

    private IProbe Create()
    {
        string host = $"http://{inbound.Service}";
        return inbound.Health.Type switch
        {
            HealthCheckType.Http => new HttpProbe(Connect, new Uri($"{host}{inbound.Health.Path}")),
            HealthCheckType.Grpc => new GrpcProbe(Connect, new Uri(host), inbound.Health.Path, inbound.Health.Timeout),
            _ => new TcpProbe((_, cancellationToken) => ProgramConnections.DialAsync(inbound.Forward, cancellationToken), new MeshEndpoint(inbound.Service, 1)),
        };
    }

    private SocketsHttpHandler Connect() => ProgramConnections.Create(inbound.Forward);
}
