using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Consul.Telemetry;
using Mesh.Client.Retries;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Consul.Discovery;

/// <summary>
/// While Consul itself is ill, one question for all services, whether there is a leader, takes the place of a question for each: a thousand services neither
/// hammer a Consul that starts nor come back half a minute after it. One of those who wait asks, so that nothing runs once nobody waits.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class RegistryOutage(ConsulClient client, TimeProvider clock, Random random, LogBudget log, ILogger logger)
{
    private static readonly TimeSpan FirstProbe = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowestProbe = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private Outage? _current;

    /// <summary>Says that Consul is ill. Of many who say so in one outage only the first is logged.</summary>
    public void Report(ConsulException error)
    {
        var outage = new Outage(clock.GetTimestamp(), error);
        if (Interlocked.CompareExchange(ref _current, outage, null) is null && log.TryTake())
        {
            outage.IsTold = true;
            ConsulLog.OutageBegan(logger, error.Message);
        }
    }

    /// <exception cref="ConsulException">Consul is ill: nothing else would come of asking it.</exception>
    public void ThrowIfOut()
    {
        if (Volatile.Read(ref _current) is { } outage)
        {
            throw new ConsulException(outage.Error.Message, isOutage: true);
        }
    }

    /// <summary>Waits until Consul is well; returns at once where it is.</summary>
    /// <returns>Whether there was anything to wait for.</returns>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _current) is not { } outage)
        {
            return false;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (ReferenceEquals(Volatile.Read(ref _current), outage))
            {
                TimeSpan delay = Backoff.FullJitter(++outage.Probes, FirstProbe, SlowestProbe, random);
                await Task.Delay(delay, clock, cancellationToken).ConfigureAwait(false);
                if (await HasLeaderAsync(cancellationToken).ConfigureAwait(false))
                {
                    Volatile.Write(ref _current, null);
                    if (outage.IsTold)
                    {
                        ConsulLog.OutageOver(logger, clock.GetElapsedTime(outage.Began));
                    }
                }
            }
        }
        finally
        {
            _turn.Release();
        }

        return true;
    }

    private async Task<bool> HasLeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            using ConsulAnswer answer = await client.GetAsync(new ConsulQuery("status/leader"), cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(answer.Body, ConsulJson.Default.String) is { Length: > 0 };
        }
        catch (ConsulException error)
        {
            ConsulLog.StillOut(logger, error.Message);
            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed class Outage(long began, ConsulException error)
    {
        public long Began => began;

        public ConsulException Error => error;

        public int Probes { get; set; }

        public bool IsTold { get; set; }
    }
}
