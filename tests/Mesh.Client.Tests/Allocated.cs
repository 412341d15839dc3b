namespace Mesh.Client.Tests;

/// <summary>Bytes that code allocates once it is warm.</summary>
internal static class Allocated
{
    private const int Rounds = 5;

    /// <summary>The least of some rounds on this thread: the compiler, pools and caches allocate for themselves now and then.</summary>
    public static long Least(Action action)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
