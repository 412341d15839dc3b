namespace Mesh.Chaos.Load;

/// <summary>Calls at a steady rate, however long they take, until it is ended.</summary>
internal sealed class SteadyCalls
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    // Eight GETs, three POSTs and two under the quota of each thirteen.
    private static readonly CallKind[] s_pattern =
    [
        CallKind.Get, CallKind.Post, CallKind.Get, CallKind.Get, CallKind.Metered, CallKind.Get, CallKind.Post, CallKind.Get, CallKind.Get, CallKind.Get, CallKind.Metered, CallKind.Post, CallKind.Get,
    ];

    private readonly CancellationTokenSource _end = new();
    private readonly MeshCaller _caller;
    private readonly CallBook _book;
    private readonly double _rate;
    private readonly Task _run;
    private int _number;

    /// <summary>Begins.</summary>
    /// <param name="caller">Makes the calls.</param>
    /// <param name="book">Where they are written down.</param>
    /// <param name="rate">Calls a second.</param>
    /// <param name="first">The number of the first one.</param>
    public SteadyCalls(MeshCaller caller, CallBook book, double rate, int first)
    {
        _caller = caller;
        _book = book;
        _rate = rate;
        _number = first;
        _run = Task.Run(RunAsync);
    }

    /// <summary>Makes no more, and waits for those under way.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _run;
    }

    private async Task RunAsync()
    {
        List<Task> open = [];
        int first = _number;
        long start = TimeProvider.System.GetTimestamp();
        while (!_end.IsCancellationRequested)
        {
            open.RemoveAll(static t => t.IsCompleted);
            for (double due = first + (TimeProvider.System.GetElapsedTime(start).TotalSeconds * _rate); _number < due; _number++)
            {
                open.Add(CallAsync(s_pattern[_number % s_pattern.Length], _number));
            }

            await Task.Delay(s_tick, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(open);
    }

    private async Task CallAsync(CallKind kind, int number) => _book.Add(await _caller.CallAsync(kind, number));
}
