using System.Collections.Concurrent;

namespace Mesh.IntegrationTests.Consul;

/// <summary>500 calls a second to one service, until it is disposed.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    private const double CallsASecond = 500;

    private readonly CancellationTokenSource _end = new();
    private readonly Task _run;
    private int _calls;

    public SteadyLoad(ConsulMesh mesh, string service) => _run = Task.Run(() => RunAsync(mesh, service));

    public ConcurrentQueue<Exception> Errors { get; } = [];

    public int Calls => _calls;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
    }

    private async Task RunAsync(ConsulMesh mesh, string service)
    {
        List<Task> open = [];
        long start = TimeProvider.System.GetTimestamp();
        while (!_end.IsCancellationRequested)
        {
            open.RemoveAll(static t => t.IsCompleted);
            while (_calls < TimeProvider.System.GetElapsedTime(start).TotalSeconds * CallsASecond)
            {
                open.Add(CallAsync(mesh, service));
            }

            await Task.Delay(s_tick, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(open);
    }

    private async Task CallAsync(ConsulMesh mesh, string service)
    {
        Interlocked.Increment(ref _calls);
        try
        {
            await mesh.CallAsync(service);
        }
        catch (Exception error)
        {
            Errors.Enqueue(error);
        }
    }
}
