using System.Diagnostics;
using Quickstart.Measuring;
using Quickstart.Orders;

namespace Quickstart.Client;

/// <summary>64 users of a shop, each of whom looks at an order, thinks for a moment, and looks at the next: nearly 500 calls a second.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Users = 64;
    private static readonly TimeSpan s_thinking = TimeSpan.FromMilliseconds(90);

    private readonly CancellationTokenSource _end = new();
    private readonly OrdersClient _client;
    private readonly CallLog _calls;
    private readonly Task _users;

    private Traffic(OrdersClient client, CallLog calls)
    {
        _client = client;
        _calls = calls;
        _users = Task.WhenAll(Enumerable.Range(0, Users).Select(RunUserAsync));
    }

    public static Traffic Start(OrdersClient client, CallLog calls) => new(client, calls);

    /// <summary>Ends the traffic when the last call has its answer. No call is cancelled: each of them counts.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _users;
        _end.Dispose();
    }

    private async Task RunUserAsync(int user)
    {
        for (int id = user; !_end.IsCancellationRequested; id += Users)
        {
            await Task.Delay(s_thinking * (0.5 + Random.Shared.NextDouble()));
            await CallAsync(id);
        }
    }

    private async Task CallAsync(int id)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            Order order = await _client.GetAsync(id);
            _calls.Add(order.Instance, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception error)
        {
            _calls.AddFailure(error, Stopwatch.GetElapsedTime(started));
        }
    }
}
