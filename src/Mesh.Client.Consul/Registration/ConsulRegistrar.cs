using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Consul.Telemetry;
using Mesh.Client.Registration;
using Mesh.Client.Retries;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Consul.Registration;

/// <summary>Registers instances with a Consul agent and keeps them registered. Its end takes nothing out of Consul: who registered does.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Semaphores without a wait handle hold nothing.")]
internal sealed class ConsulRegistrar(ConsulClient client, TimeProvider clock, Random random, ILogger logger) : IServiceRegistrar, IDisposable
{
    private const int Tries = 4;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SlowestRetry = TimeSpan.FromSeconds(2);

    private readonly RegistrarTools _tools = new(client, clock, random, logger);

    /// <summary>This start of this process, by which it knows what it registered itself.</summary>
    private readonly string _process = $"{Environment.MachineName}-{Environment.ProcessId}-{random.NextInt64():x16}";

    private readonly ConcurrentDictionary<string, KeptInstance> _kept = new(StringComparer.Ordinal);

    /// <summary>What is done to one id is done in order; ids that share a turn wait for each other.</summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 16).Select(static _ => new SemaphoreSlim(1, 1))];

    private volatile bool _isDisposed;

    public async ValueTask RegisterAsync(ServiceInstance instance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        InstanceForm form = InstanceForm.Of(instance, client.Policy, _process);
        await InTurnAsync(form.Id, () => RegisterInTurnAsync(form, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DeregisterAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        if (!InstanceLimits.IsName(instanceId))
        {
            return;
        }

        // From here on it is not kept, whatever becomes of the rest.
        if (_kept.TryRemove(instanceId, out KeptInstance? kept))
        {
            kept.Cancel();
        }

        await InTurnAsync(instanceId, () => DeregisterInTurnAsync(instanceId, kept, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (KeptInstance kept in _kept.Values)
        {
            kept.Cancel();
        }
    }

    private async Task RegisterInTurnAsync(InstanceForm form, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(form.Id, out KeptInstance? before))
        {
            await before.ReplaceAsync(form, cancellationToken).ConfigureAwait(false);
            return;
        }

        var kept = new KeptInstance(_tools, form);
        await kept.RegisterAsync(cancellationToken).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested || _isDisposed)
        {
            await _tools.Agent.DeregisterAsync(form.Id).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return;
        }

        _kept[form.Id] = kept;
        kept.Start();
        ConsulLog.Registered(logger, form.Id, form.Service.Name, form.Authority);
    }

    private async Task DeregisterInTurnAsync(string id, KeptInstance? kept, CancellationToken cancellationToken)
    {
        await StopAsync(kept).ConfigureAwait(false);

        // One that was being registered while this waited for its turn.
        _kept.TryRemove(id, out KeptInstance? late);
        await StopAsync(late).ConfigureAwait(false);

        for (int failures = 0; ;)
        {
            try
            {
                AgentServiceRecord? seen = await _tools.Agent.FindAsync(id, "", default, cancellationToken).ConfigureAwait(false);
                if (seen?.Meta?.GetValueOrDefault(MeshMeta.Process) == _process)
                {
                    await _tools.Agent.DeregisterAsync(id).ConfigureAwait(false);
                    ConsulLog.Deregistered(logger, id);
                }

                return;
            }
            catch (ConsulException error) when (error.IsOutage && ++failures < Tries)
            {
                await Task.Delay(Backoff.FullJitter(failures, FirstRetry, SlowestRetry, random), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static Task StopAsync(KeptInstance? kept) => kept?.StopAsync() ?? Task.CompletedTask;

    // A caller who gives up does not end what the agent is being told, and what comes after for the same id waits for it.
    private async Task InTurnAsync(string id, Func<Task> work, CancellationToken cancellationToken)
    {
        SemaphoreSlim turn = _turns[(uint)string.GetHashCode(id, StringComparison.Ordinal) % (uint)_turns.Length];
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        Task done = WorkAsync();
        _ = done.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await done.WaitAsync(cancellationToken).ConfigureAwait(false);

        async Task WorkAsync()
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                turn.Release();
            }
        }
    }
}
