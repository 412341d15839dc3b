namespace Mesh.Client.Limits.Concurrency;

/// <summary>
/// How many may be under way at once. Taking and giving back are one compare-and-swap on a word that holds both what is under way and what waits, so that whoever gives back sees who
/// waits, and whoever begins to wait sees what was given back: no wake-up is lost. Who must wait does so in a bounded queue under a lock, first come first served;
/// while anybody waits, nobody passes by.
/// </summary>
internal sealed class ConcurrencyLimit
{
    private const int WaitingShift = 32;
    private const long OneWaiting = 1L << WaitingShift;
    private const long TakenMask = OneWaiting - 1;

    private readonly Lock _gate = new();
    private readonly LinkedList<ConcurrencyWaiter> _queue = new();
    private readonly TimeProvider _time;
    private long _word;
    private int _limit;
    private int _queueLimit;

    /// <summary>Makes a limit.</summary>
    /// <param name="limit">The most permits out at once.</param>
    /// <param name="queueLimit">The most permits waited for at once.</param>
    /// <param name="time">For how long a wait lasts.</param>
    public ConcurrencyLimit(int limit, int queueLimit, TimeProvider time)
    {
        _limit = limit;
        _queueLimit = queueLimit;
        _time = time;
    }

    /// <summary>The most permits out at once.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <summary>How many permits are out.</summary>
    public int InFlight => (int)(Volatile.Read(ref _word) & TakenMask);

    /// <summary>How many permits are waited for.</summary>
    public int Waiting => (int)(Volatile.Read(ref _word) >>> WaitingShift);

    /// <summary>Takes permits, all or none, unless somebody waits already.</summary>
    /// <param name="permits">How many; 0 takes nothing and passes where one could be had.</param>
    public bool TryAcquire(int permits = 1)
    {
        long word = Volatile.Read(ref _word);
        while (word < OneWaiting && Math.Max(1, permits) <= Limit - word)
        {
            long before = permits == 0 ? word : Interlocked.CompareExchange(ref _word, word + permits, word);
            if (before == word)
            {
                return true;
            }

            word = before;
        }

        return false;
    }

    /// <summary>Takes one permit where fewer than a number of its own are out, whoever waits: for calls that matter more than others, or less.</summary>
    /// <param name="limit">The number, in place of <see cref="Limit"/>.</param>
    public bool TryAcquireBelow(int limit)
    {
        long word = Volatile.Read(ref _word);
        while ((word & TakenMask) < limit)
        {
            long before = Interlocked.CompareExchange(ref _word, word + 1, word);
            if (before == word)
            {
                return true;
            }

            word = before;
        }

        return false;
    }

    /// <summary>Gives permits back, each once.</summary>
    public void Release(int permits = 1)
    {
        long word = Volatile.Read(ref _word);
        while (word < OneWaiting)
        {
            long before = Interlocked.CompareExchange(ref _word, word - permits, word);
            if (before == word)
            {
                return;
            }

            word = before;
        }

        Interlocked.Add(ref _word, -permits);
        Admit();
    }

    /// <summary>Takes permits, after waiting for them if need be.</summary>
    /// <param name="permits">How many, at most <see cref="Limit"/>.</param>
    /// <param name="timeout">How long to wait; <see cref="TimeSpan.Zero"/> is as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether they were taken: not where the queue is full, the time is over or the limit is closed.</returns>
    public ValueTask<bool> AcquireAsync(int permits, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (TryAcquire(permits))
        {
            return ValueTask.FromResult(true);
        }

        return Enqueue(new ConcurrencyWaiter(this, permits), timeout, cancellationToken);
    }

    /// <summary>Changes the limit. Where it falls, what is out stays out; where it rises, those who wait come in.</summary>
    public void SetLimit(int limit)
    {
        if (Interlocked.Exchange(ref _limit, limit) != limit && Volatile.Read(ref _word) >= OneWaiting)
        {
            Admit();
        }
    }

    /// <summary>Changes how many may wait. Those who wait go on waiting.</summary>
    public void SetQueueLimit(int queueLimit) => Volatile.Write(ref _queueLimit, queueLimit);

    /// <summary>Turns away all who wait, and whoever wants to wait from now on.</summary>
    public void Close()
    {
        var refused = new List<ConcurrencyWaiter>();
        lock (_gate)
        {
            _queueLimit = -1;
            while (_queue.First is { } first)
            {
                Remove_NeedsLock(first);
                refused.Add(first.Value);
            }
        }

        refused.ForEach(static w => w.Complete(false));
    }

    /// <summary>Takes one who waits out of the queue.</summary>
    /// <returns>Whether it was still there: nobody has let it in or turned it away.</returns>
    internal bool TryRemove(ConcurrencyWaiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Node is not { } node)
            {
                return false;
            }

            Remove_NeedsLock(node);
        }

        // The one behind may want less than this one did.
        Admit();
        return true;
    }

    private ValueTask<bool> Enqueue(ConcurrencyWaiter waiter, TimeSpan timeout, CancellationToken cancellationToken)
    {
        bool waits;
        lock (_gate)
        {
            waits = Waiting + waiter.Weight <= _queueLimit;
            if (waits)
            {
                waiter.Node = _queue.AddLast(waiter);
                Interlocked.Add(ref _word, waiter.Weight * OneWaiting);
            }
        }

        if (!waits)
        {
            return ValueTask.FromResult(false);
        }

        // What was given back just before the word said that somebody waits.
        Admit();
        return waiter.WaitAsync(_time, timeout, cancellationToken);
    }

    private void Admit()
    {
        while (true)
        {
            ConcurrencyWaiter admitted;
            lock (_gate)
            {
                if (_queue.First is not { } first || !TryTake_NeedsLock(first.Value))
                {
                    return;
                }

                admitted = first.Value;
                _queue.Remove(first);
                admitted.Node = null;
            }

            admitted.Complete(true);
        }
    }

    // Others give back meanwhile, but nobody takes.
    private bool TryTake_NeedsLock(ConcurrencyWaiter waiter)
    {
        long word = Volatile.Read(ref _word);
        while ((word & TakenMask) + Math.Max(1, waiter.Permits) <= Limit)
        {
            long before = Interlocked.CompareExchange(ref _word, word + waiter.Permits - (waiter.Weight * OneWaiting), word);
            if (before == word)
            {
                return true;
            }

            word = before;
        }

        return false;
    }

    private void Remove_NeedsLock(LinkedListNode<ConcurrencyWaiter> node)
    {
        _queue.Remove(node);
        node.Value.Node = null;
        Interlocked.Add(ref _word, -(node.Value.Weight * OneWaiting));
    }
}
