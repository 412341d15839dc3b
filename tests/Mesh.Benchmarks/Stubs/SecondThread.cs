namespace Mesh.Benchmarks.Stubs;

/// <summary>A thread that does the same as the calling one, at the same time; it spins between two turns, so that none of them begins with waking it.</summary>
internal sealed class SecondThread : IDisposable
{
    private Action<int> _work = static _ => { };
    private int _count;
    private int _turn;
    private int _done;

    public SecondThread() => new Thread(Loop) { IsBackground = true }.Start();

    /// <summary>Does it so many times on each of the two threads.</summary>
    public void Run(Action<int> work, int count)
    {
        _work = work;
        _count = count;
        int turn = Volatile.Read(ref _turn) + 1;
        Volatile.Write(ref _turn, turn);
        work(count);
        while (Volatile.Read(ref _done) != turn)
        {
            Thread.SpinWait(1);
        }
    }

    public void Dispose() => Volatile.Write(ref _turn, -1);

    private void Loop()
    {
        while (true)
        {
            int turn = Volatile.Read(ref _turn);
            if (turn < 0)
            {
                return;
            }

            if (turn == _done)
            {
                Thread.SpinWait(1);
                continue;
            }

            _work(_count);
            Volatile.Write(ref _done, turn);
        }
    }
}
