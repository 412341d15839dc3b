using System.Diagnostics;

namespace Mesh.IntegrationTests.Consul.Processes;

/// <summary>What this process holds: the least of several looks, so that what comes and goes does not count.</summary>
/// <param name="Threads">Threads of the operating system.</param>
/// <param name="Sockets">Open sockets.</param>
/// <param name="Heap">Bytes in use after a collection.</param>
internal sealed record ProcessFigures(int Threads, int Sockets, long Heap)
{
    private const int Looks = 10;

    public static async Task<ProcessFigures> LeastAsync(CancellationToken cancellationToken)
    {
        ProcessFigures least = Look();
        for (int i = 1; i < Looks; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            ProcessFigures now = Look();
            least = new ProcessFigures(Math.Min(least.Threads, now.Threads), Math.Min(least.Sockets, now.Sockets), Math.Min(least.Heap, now.Heap));
        }

        return least;
    }

    public override string ToString() => $"{Threads} threads, {Sockets} sockets, {Heap / 1024} KB";

    private static ProcessFigures Look()
    {
        using Process self = Process.GetCurrentProcess();
        return new ProcessFigures(self.Threads.Count, Directory.EnumerateFiles("/proc/self/fd").Count(IsSocket), GC.GetTotalMemory(forceFullCollection: true));
    }

    private static bool IsSocket(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) ?? false;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
