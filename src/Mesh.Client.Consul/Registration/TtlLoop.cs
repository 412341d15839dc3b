using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Telemetry;

namespace Mesh.Client.Consul.Registration;

/// <summary>Says in time that an instance is well, for the checks that take silence for its end.</summary>
internal static class TtlLoop
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="tools">What is shared.</param>
    /// <param name="checks">The checks to keep passing for the time being, and how often.</param>
    /// <param name="end">Ends it.</param>
    public static async Task RunAsync(RegistrarTools tools, Func<(string CheckId, TimeSpan Every)[]> checks, CancellationToken end)
    {
        int failures = 0;
        while (!end.IsCancellationRequested)
        {
            (string CheckId, TimeSpan Every)[] current = checks();
            foreach ((string check, _) in current)
            {
                try
                {
                    await tools.Agent.PassAsync(check, end).ConfigureAwait(false);
                    failures = 0;
                }
                catch (ConsulException error)
                {
                    if (++failures == 1 && tools.Log.TryTake())
                    {
                        ConsulLog.PassFailed(tools.Logger, check, error.Message);
                    }
                }
                catch (OperationCanceledException) when (end.IsCancellationRequested)
                {
                    return;
                }
            }

            TimeSpan every = current.Length == 0 ? Idle : current.Min(static c => c.Every);
            await Task.Delay(every, tools.Clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
