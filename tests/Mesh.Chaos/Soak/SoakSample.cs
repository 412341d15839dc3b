using System.Globalization;

namespace Mesh.Chaos.Soak;

/// <summary>What this process holds at one moment.</summary>
/// <param name="Second">Since the start.</param>
/// <param name="Resident">Bytes of memory that are resident.</param>
/// <param name="Managed">Bytes that are in use after a collection.</param>
/// <param name="Handles">Open files, sockets among them.</param>
/// <param name="Sockets">Open sockets.</param>
/// <param name="Timers">Timers that are set.</param>
/// <param name="Threads">Threads of the operating system.</param>
internal sealed record SoakSample(int Second, long Resident, long Managed, int Handles, int Sockets, long Timers, int Threads)
{
    /// <summary>Looks: the least of several looks, so that what comes and goes within a second does not count.</summary>
    public static async Task<SoakSample> LookAsync(int second, CancellationToken cancellationToken)
    {
        SoakSample least = Look(second);
        for (int i = 0; i < 4; i++)
        {
            await Task.Delay(100, cancellationToken);
            SoakSample now = Look(second);
            least = new SoakSample(
                second, Math.Min(least.Resident, now.Resident), Math.Min(least.Managed, now.Managed), Math.Min(least.Handles, now.Handles), Math.Min(least.Sockets, now.Sockets), Math.Min(least.Timers, now.Timers), Math.Min(least.Threads, now.Threads));
        }

        return least;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Second,5} s: {Resident / 1048576d:F1} MB resident, {Managed / 1048576d:F2} MB managed, {Handles} handles, {Sockets} sockets, {Timers} timers, {Threads} threads");

    private static SoakSample Look(int second)
    {
        string line = File.ReadLines("/proc/self/status").First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        long resident = 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        string[] files = [.. Directory.EnumerateFiles("/proc/self/fd").Select(Target)];
        return new SoakSample(
            second, resident, GC.GetTotalMemory(forceFullCollection: true), files.Length, files.Count(static f => f.StartsWith("socket:", StringComparison.Ordinal)), Timer.ActiveCount, Directory.EnumerateDirectories("/proc/self/task").Count());
    }

    private static string Target(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
