using System.Runtime.ExceptionServices;
using Mesh.Client.Testing;

namespace Mesh.Simulation.Virtual;

/// <summary>
/// A world in virtual time, on one thread. The process has a thread pool of one thread (Mesh.Simulation.csproj), and the world runs on it as a work
/// item: when something that happened gave work to the pool, the world queues behind that work. So everything at one moment is over before time moves
/// on, in an order that is the same in every run.
/// </summary>
internal sealed class World : IThreadPoolWorkItem
{
    private readonly ManualResetEventSlim _over = new();
    private readonly Queue<Action> _beginnings = new();
    private long _until;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Makes a world in which everything that chance decides follows from a number.</summary>
    /// <exception cref="InvalidOperationException">The process has more than one thread in its pool.</exception>
    public World(long seed)
    {
        ThreadPool.GetMaxThreads(out int threads, out _);
        if (threads != 1)
        {
            throw new InvalidOperationException($"The thread pool has up to {threads} threads: no run would be like another. Start the simulation by its own program, whose runtimeconfig.json sets one.");
        }

        Seed = seed;
    }

    public VirtualClock Clock { get; } = new();

    public long Seed { get; }

    /// <summary>How many moments there were.</summary>
    public long Moments { get; private set; }

    /// <summary>A random source for one part of the world: the same for the same seed and number.</summary>
    public SeededRandom Chance(int number) => new(new SeededRandom(unchecked((Seed * 0x5851F42D4C957F2D) + number)).NextInt64());

    /// <summary>Does something before time moves on, and lets all the work come to rest that it gives to the pool.</summary>
    public void Begin(Action begin) => _beginnings.Enqueue(begin);

    /// <summary>Lets something happen after a while.</summary>
    public void After(TimeSpan time, Action action) => Clock.After(time.Ticks, new DelegateMoment(action));

    /// <summary>Runs until a time since the beginning of the world.</summary>
    public void RunUntil(TimeSpan time)
    {
        _until = time.Ticks;
        _over.Reset();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        _over.Wait();
        _failure?.Throw();
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            while (ThreadPool.PendingWorkItemCount == 0)
            {
                if (_beginnings.TryDequeue(out Action? begin))
                {
                    begin();
                }
                else if (Clock.TryNext(_until, out IMoment? moment))
                {
                    Moments++;
                    moment!.Happen();
                }
                else
                {
                    _over.Set();
                    return;
                }
            }

            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (Exception error)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
            _over.Set();
        }
    }

    private sealed class DelegateMoment(Action action) : IMoment
    {
        public void Happen() => action();
    }
}
