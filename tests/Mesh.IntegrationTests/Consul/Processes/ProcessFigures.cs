using System.Globalization;

namespace Mesh.IntegrationTests.Consul.Processes;

/// <summary>What a process holds: the least of several looks, so that what comes and goes does not count.</summary>
/// <param name="Threads">Threads of the operating system.</param>
/// <param name="Sockets">Open sockets.</param>
/// <param name="Memory">Bytes: of this process those in use after a collection, of others those that are resident.</param>
internal sealed record ProcessFigures(int Threads, int Sockets, long Memory)
{
    private const int Looks = 10;

    /// <summary>Looks at a process.</summary>
    /// <param name="process">Which.</param>
    /// <param name="apart">How many of its sockets do not count, because the load of the test comes and goes on them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ProcessFigures> LeastAsync(int process, Func<int> apart, CancellationToken cancellationToken)
    {
        ProcessFigures least = Look(process, apart());
        for (int i = 1; i < Looks; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            ProcessFigures now = Look(process, apart());
            least = new ProcessFigures(Math.Min(least.Threads, now.Threads), Math.Min(least.Sockets, now.Sockets), Math.Min(least.Memory, now.Memory));
        }

        return least;
    }

    public override string ToString() => $"{Threads} threads, {Sockets} sockets, {Memory / 1024} KB";

    private static ProcessFigures Look(int process, int apart) => new(
        Directory.EnumerateDirectories($"/proc/{process}/task").Count(),
        Directory.EnumerateFiles($"/proc/{process}/fd").Count(IsSocket) - apart,
        process == Environment.ProcessId ? GC.GetTotalMemory(forceFullCollection: true) : Resident(process));

    private static long Resident(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").Single(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
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
