using System.Diagnostics;

namespace Shop.Story.Measuring;

/// <summary>Twelve customers, each of whom looks at a page, thinks for a moment, and looks at the next: some 100 pages a second, and as many calls to each service.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Customers = 12;
    private static readonly TimeSpan s_thinking = TimeSpan.FromMilliseconds(90);

    private readonly CancellationTokenSource _end = new();
    private readonly WebClient _web;
    private readonly CallLog _calls;
    private readonly Task _customers;

    public Traffic(WebClient web, CallLog calls)
    {
        _web = web;
        _calls = calls;
        _customers = Task.WhenAll(Enumerable.Range(1, Customers).Select(RunCustomerAsync));
    }

    /// <summary>Ends the traffic when the last call has its answer. No call is cancelled: each of them counts.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _customers;
        _end.Dispose();
    }

    private async Task RunCustomerAsync(int first)
    {
        for (int id = first; !_end.IsCancellationRequested; id += Customers + 1)
        {
            await Task.Delay(s_thinking * (0.5 + Random.Shared.NextDouble()));
            long started = Stopwatch.GetTimestamp();
            try
            {
                _calls.Add(id, await _web.GetAsync(id), error: null, started);
            }
            catch (Exception error)
            {
                _calls.Add(id, page: null, error, started);
            }
        }
    }
}
