using System.Collections.Concurrent;

namespace Mesh.Client.Tests.Waiting;

/// <summary>Real threads that start at one moment.</summary>
internal static class Together
{
    private const int SmallStack = 256 * 1024;

    /// <summary>Runs an action on so many threads at once and waits for all of them; what one threw is thrown here.</summary>
    public static void Run(int threads, Action<int> action)
    {
        var errors = new ConcurrentQueue<Exception>();
        using var start = new ManualResetEventSlim();
        Thread[] all = [.. Enumerable.Range(0, threads).Select(i => new Thread(() => Guard(i), SmallStack) { IsBackground = true })];
        Array.ForEach(all, static t => t.Start());
        start.Set();
        Array.ForEach(all, static t => Assert.True(t.Join(TimeSpan.FromSeconds(60)), "a thread did not end"));
        if (!errors.IsEmpty)
        {
            throw new AggregateException(errors);
        }

        void Guard(int index)
        {
            try
            {
                start.Wait();
                action(index);
            }
            catch (Exception error)
            {
                errors.Enqueue(error);
            }
        }
    }
}
