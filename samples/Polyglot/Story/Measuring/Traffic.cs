using System.Diagnostics;

namespace Polyglot.Story.Measuring;

/// <summary>Ten customers, each of whom looks at a page, thinks for a moment, and looks at the next: some 24 pages a second. One of them tries what is new.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Customers = 10;
    private static readonly TimeSpan s_thinking = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource _end = new();
    private readonly Browser _web;
    private readonly CallLog _calls;
    private readonly Task _customers;

    public Traffic(Browser web, CallLog calls)
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
        bool isTester = first == 1;
        for (int id = first; !_end.IsCancellationRequested; id += Customers)
        {
            await Task.Delay(s_thinking * (0.5 + Random.Shared.NextDouble()));
            long started = Stopwatch.GetTimestamp();
            try
            {
                _calls.Add(isTester, await _web.GetAsync(id, $"customer-{first}", isTester), error: null, started);
            }
            catch (Exception error)
            {
                _calls.Add(isTester, page: null, error, started);
            }
        }
    }
}
