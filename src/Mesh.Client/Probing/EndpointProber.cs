using Mesh.Client.Nodes;
using Mesh.Client.Telemetry;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Probing;

/// <summary>
/// Probes one endpoint, round after round, and tells its node. It touches neither the breaker nor its window: a probe speaks of the endpoint's
/// health, not of its calls. At most one probe is out at any time, even one that ignores that its time is up.
/// </summary>
internal sealed class EndpointProber
{
    private const int MaxFault = 200;

    private readonly Lock _lock = new();
    private readonly EndpointNode _node;
    private readonly string _service;
    private readonly ProbeMaker _maker;
    private readonly ProbeRounds _rounds;
    private readonly ILogger _logger;
    private ProbeTally _tally = new();
    private ProbeCycle? _cycle;
    private Task<string?>? _out;

    public EndpointProber(EndpointNode node, string service, ProbeMaker maker, ProbeRounds rounds, ILogger logger)
    {
        _node = node;
        _service = service;
        _maker = maker;
        _rounds = rounds;
        _logger = logger;
    }

    /// <summary>Probes by a plan from now on. What is known of the endpoint stays.</summary>
    public void Begin(ProbePlan plan)
    {
        if (_cycle?.Plan == plan)
        {
            return;
        }

        var cycle = new ProbeCycle(plan, _maker.Create(plan));
        Replace(cycle);

        // Whoever happened to make the first call to the service has nothing to do with it: not its trace, nor its culture.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => RunAsync(cycle));
        }
    }

    /// <summary>Probes no more; the endpoint counts as well.</summary>
    public void End()
    {
        Replace(null);
        _node.Fault = null;
        _node.SetUnhealthy(false, _rounds.Clock.GetTimestamp());
    }

    private void Replace(ProbeCycle? cycle)
    {
        ProbeCycle? before;
        lock (_lock)
        {
            before = _cycle;
            _cycle = cycle;
            _tally = cycle is null ? new ProbeTally() : _tally;
        }

        before?.Cancel();
    }

    private async Task RunAsync(ProbeCycle cycle)
    {
        using (cycle)
        {
            Task watching = Task.CompletedTask;
            try
            {
                await _rounds.FirstAsync(cycle.Plan.Policy, cycle.Ended).ConfigureAwait(false);
                if (cycle.Probe is IWatchProbe)
                {
                    // On a thread of its own, as each question: a transport may block.
                    watching = Task.Run(() => new WatchRounds(cycle, _rounds, fault => TryTake(cycle, fault, isOwnWord: true)).RunAsync(), CancellationToken.None);
                }

                while (true)
                {
                    string? fault = await AskAsync(cycle).ConfigureAwait(false);
                    TryTake(cycle, fault ?? cycle.Told);
                    await _rounds.NextAsync(cycle.Plan.Policy, cycle.Ended).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cycle.Ended.IsCancellationRequested)
            {
                // Another plan, or nothing to probe any more.
            }

            // The stream ends before its connection does.
            await watching.ConfigureAwait(false);
        }
    }

    private async Task<string?> AskAsync(ProbeCycle cycle)
    {
        TimeSpan limit = cycle.Plan.Policy.Timeout;
        await _rounds.Slots.WaitAsync(cycle.Ended).ConfigureAwait(false);
        using var timeout = new CancellationTokenSource(limit, _rounds.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cycle.Ended);
        try
        {
            return Send(cycle, either.Token) is { } sent
                ? await sent.WaitAsync(either.Token).ConfigureAwait(false)
                : "the probe before has still not ended";
        }
        catch (Exception) when (cycle.Ended.IsCancellationRequested)
        {
            throw new OperationCanceledException(cycle.Ended);
        }
        catch (Exception) when (timeout.IsCancellationRequested)
        {
            return $"no answer within {limit}";
        }
        catch (Exception error)
        {
            return error.Message.Length > MaxFault ? error.Message[..MaxFault] : error.Message;
        }
        finally
        {
            _rounds.Slots.Release();
        }
    }

    // On a thread of its own: a transport may block, or throw before it returns a task.
    private Task<string?>? Send(ProbeCycle cycle, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_cycle != cycle || _out is { IsCompleted: false })
            {
                return null;
            }

            _out = Task.Run(() => cycle.Probe.AskAsync(cancellationToken), CancellationToken.None);
            _ = _out.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return _out;
        }
    }

    private void TryTake(ProbeCycle cycle, string? fault, bool isOwnWord = false)
    {
        try
        {
            Take(cycle, fault, isOwnWord);
        }
        catch (Exception)
        {
            // Only the user's logger is left to throw, and that must not end the rounds: an endpoint that is out would never come back.
        }
    }

    private void Take(ProbeCycle cycle, string? fault, bool isOwnWord)
    {
        bool unhealthy;
        lock (_lock)
        {
            if (_cycle != cycle)
            {
                return;
            }

            if (isOwnWord)
            {
                _tally.Set(fault is null);
            }
            else
            {
                _tally.Count(fault is null, cycle.Plan.Policy);
            }

            unhealthy = _tally.IsUnhealthy;
            _node.Fault = fault;
            if (!_node.SetUnhealthy(unhealthy, _rounds.Clock.GetTimestamp()))
            {
                return;
            }
        }

        if (unhealthy)
        {
            EngineLog.Unhealthy(_logger, _service, _node.Endpoint.Authority, isOwnWord ? 1 : cycle.Plan.Policy.UnhealthyAfter, fault!);
        }
        else
        {
            EngineLog.Healthy(_logger, _service, _node.Endpoint.Authority);
        }
    }
}
