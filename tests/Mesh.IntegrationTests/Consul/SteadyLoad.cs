using System.Collections.Concurrent;

namespace Mesh.IntegrationTests.Consul;

/// <summary>500 calls a second, until it is disposed.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    private const double CallsASecond = 500;

    private readonly CancellationTokenSource _end = new();
    private readonly Task _run;
    private int _calls;

    public SteadyLoad(ConsulMesh mesh, string service)
        : this(_ => mesh.CallAsync(service))
    {
    }

    /// <param name="call">One call, of that number.</param>
    public SteadyLoad(Func<int, Task> call) => _run = Task.Run(() => RunAsync(call));

    public ConcurrentQueue<Exception> Errors { get; } = [];

    public int Calls => _calls;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
    }

    private async Task RunAsync(Func<int, Task> call)
    {
        List<Task> open = [];
        long start = TimeProvider.System.GetTimestamp();
        while (!_end.IsCancellationRequested)
        {
            open.RemoveAll(static t => t.IsCompleted);
            while (_calls < TimeProvider.System.GetElapsedTime(start).TotalSeconds * CallsASecond)
            {
                open.Add(CallAsync(call));
            }

            await Task.Delay(s_tick, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(open);
    }

    private async Task CallAsync(Func<int, Task> call)
    {
        int number = Interlocked.Increment(ref _calls);
        try
        {
            await call(number);
        }
        catch (Exception error)
        {
            Errors.Enqueue(error);
        }
    }
}
