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
    private readonly ProbeRounds _rounds = new(clock, random);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using IProbe probe = Create();
        var tally = new ProbeTally();
        while (true)
        {
            string? fault = await AskAsync(probe, stoppingToken).ConfigureAwait(false);
            Take(fault, fault is null || (program.IsWell && !tally.Count(well: false, inbound.Health)));
            if (fault is null)
            {
                tally = new ProbeTally();
            }

            await _rounds.NextAsync(inbound.Health, stoppingToken).ConfigureAwait(false);
        }
    }

    private void Take(string? fault, bool isWell)
    {
        if (isWell == program.IsWell)
        {
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

    private async Task<string?> AskAsync(IProbe probe, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(inbound.Health.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            return await probe.AskAsync(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            return timeout.IsCancellationRequested ? $"no answer within {inbound.Health.Timeout}" : error.Message;
        }
    }

    private IProbe Create() => inbound.Health.Type is HealthCheckType.Http
        ? new HttpProbe(() => ProgramConnections.Create(inbound.Forward), new Uri($"http://{inbound.Service}{inbound.Health.Path}"))
        : new TcpProbe((_, cancellationToken) => ProgramConnections.DialAsync(inbound.Forward, cancellationToken), new MeshEndpoint(inbound.Service, 1));
}
