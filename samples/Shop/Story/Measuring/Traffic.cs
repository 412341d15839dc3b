namespace Shop.Story.Measuring;

/// <summary>Customers, each of whom thinks for a moment, looks at a page, thinks, and looks at the next.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _customers;

    /// <summary>Begins.</summary>
    /// <param name="customers">How many they are.</param>
    /// <param name="thinking">How long each thinks, from half of it to half more.</param>
    /// <param name="look">Has a customer, from 1 on, look at the next page, from 0 on.</param>
    public Traffic(int customers, TimeSpan thinking, Func<int, int, Task> look) =>
        _customers = Task.WhenAll(Enumerable.Range(1, customers).Select(async customer =>
        {
            for (int page = 0; !_end.IsCancellationRequested; page++)
            {
                await Task.Delay(thinking * (0.5 + Random.Shared.NextDouble()));
                await look(customer, page);
            }
        }));

    /// <summary>Ends the traffic when the last call has its answer. No call is cancelled: each of them counts.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _customers;
        _end.Dispose();
    }
}
