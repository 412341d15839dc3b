using System.Collections.Concurrent;
using Mesh.Client.Telemetry;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Discovery.Cache;

/// <summary>
/// The cache's folder: one file for each service, replaced in one step, so that a reader finds the old file or the new one whenever the process
/// or the machine dies. What cannot be used is ignored and said once. Waits for the disk; <see cref="EndpointCache"/> sees to it that nobody
/// waits for this.
/// </summary>
internal sealed class CacheStore(ICacheDisk disk, TimeProvider clock, Random random, ILogger logger, int maxFiles = CacheStore.MaxFiles)
{
    /// <summary>So many files are kept; a further one takes the place of the oldest.</summary>
    public const int MaxFiles = 10_000;

    /// <summary>A file longer than this, in bytes, is neither written nor read.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    /// <summary>A file that began to be written this long ago will not be finished any more.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, bool> _faulty = new();
    private int _folderFaulty;
    private string? _swept;
    private int _files;

    /// <summary>The last good answer about a service.</summary>
    /// <returns><see langword="null"/> where there is none that can be used.</returns>
    public CachedAnswer? Read(string folder, string service) =>
        Read(folder, service, (content, out fault) => CacheFormat.Read(content, service, clock.GetUtcNow(), out fault));

    /// <summary>What is kept under a name, which is that of a service or cannot be one.</summary>
    /// <returns><see langword="null"/> where there is nothing that can be used.</returns>
    public T? Read<T>(string folder, string service, CacheReader<T> read)
        where T : class
    {
        try
        {
            string path = PathOf(folder, service);
            if (disk.Look(folder) is not { } place || !IsSound(folder, place) || disk.Look(path) is not { } entry)
            {
                return null;
            }

            string? fault = entry switch
            {
                { Kind: not CacheEntryKind.File } => "is no ordinary file",
                { IsForeign: true } => "belongs to another user",
                { IsOpenToOthers: true } => "can be written by others than its owner",
                { Length: > MaxLength } => $"has {entry.Length} bytes, more than {MaxLength}",
                _ => null,
            };
            T? answer = fault is null ? read(disk.Read(path), out fault) : null;
            if (fault is not null)
            {
                WarnOfFile(path, fault);
            }

            return answer;
        }
        catch (Exception error)
        {
            WarnOfFolder(folder, $"cannot be read: {error.Message}");
            return null;
        }
    }

    /// <summary>Writes the last good answer about a service.</summary>
    /// <returns>Whether that worked.</returns>
    public bool Write(string folder, string service, CachedAnswer answer) => Write(folder, service, () => CacheFormat.Write(service, answer));

    /// <summary>Keeps something under a name.</summary>
    /// <returns>Whether that worked.</returns>
    public bool Write(string folder, string service, Func<byte[]> write)
    {
        string? temporary = null;
        try
        {
            if (!IsReady(folder))
            {
                return false;
            }

            byte[] content = write();
            if (content.Length > MaxLength)
            {
                WarnOfFile(PathOf(folder, service), $"would have {content.Length} bytes, more than {MaxLength}, and is not written");
                return false;
            }

            string path = PathOf(folder, service);
            bool isNew = disk.Look(path) is null;
            if (isNew && _files >= maxFiles)
            {
                Evict(folder);
            }

            temporary = Path.Combine(folder, CacheFileName.Temporary(Path.GetFileName(path), random));
            disk.Write(temporary, content);
            disk.Replace(temporary, path);
            temporary = null;
            _files += isNew ? 1 : 0;
            return true;
        }
        catch (Exception error)
        {
            WarnOfFolder(folder, $"cannot be written: {error.Message}");
            TryDelete(temporary);
            return false;
        }
    }

    /// <summary>Forgets a service.</summary>
    /// <returns>Whether nothing is left of it.</returns>
    public bool Remove(string folder, string service)
    {
        try
        {
            string path = PathOf(folder, service);
            if (disk.Look(folder) is { } place && IsSound(folder, place) && disk.Look(path) is not null)
            {
                disk.Delete(path);
                _files--;
            }

            return true;
        }
        catch (Exception error)
        {
            WarnOfFolder(folder, $"cannot be written: {error.Message}");
            return false;
        }
    }

    private static string PathOf(string folder, string service) => Path.Combine(folder, CacheFileName.Of(service));

    private bool IsReady(string folder)
    {
        CacheEntry? place = disk.Look(folder);
        if (place is null)
        {
            disk.CreateFolder(folder);
            place = disk.Look(folder) ?? throw new DirectoryNotFoundException("it vanished as soon as it was made");
        }

        if (!IsSound(folder, place))
        {
            return false;
        }

        if (_swept != folder)
        {
            Sweep(folder);
            _swept = folder;
        }

        return true;
    }

    private bool IsSound(string folder, CacheEntry place)
    {
        CacheEntry? real = place is { Kind: CacheEntryKind.Link, IsForeign: false, Target: { } target } ? disk.Look(target) : place;
        string? fault = real switch
        {
            null => "is a link that leads nowhere",
            { Kind: CacheEntryKind.Link } => "is a link that another user made",
            { Kind: CacheEntryKind.File } => "is a file",
            { IsForeign: true } => "belongs to another user",
            { IsOpenToOthers: true } => "can be written by others than its owner",
            _ => null,
        };
        if (fault is not null)
        {
            WarnOfFolder(folder, fault);
        }

        return fault is null;
    }

    // What a process that died in the middle of a write left behind, and how many files there are.
    private void Sweep(string folder)
    {
        _files = 0;
        foreach (string name in disk.List(folder).Where(CacheFileName.IsOurs))
        {
            string path = Path.Combine(folder, name);
            if (!CacheFileName.IsTemporary(name))
            {
                _files++;
            }
            else if (disk.Look(path) is { } entry && clock.GetUtcNow() - entry.Modified >= Stale)
            {
                TryDelete(path);
            }
        }
    }

    // A tenth at a time, so that a folder that is full is not listed for each new service.
    private void Evict(string folder)
    {
        IEnumerable<string> oldest = disk.List(folder)
            .Where(static name => CacheFileName.IsOurs(name) && !CacheFileName.IsTemporary(name))
            .Select(name => Path.Combine(folder, name))
            .OrderBy(path => disk.Look(path)?.Modified ?? DateTimeOffset.MinValue)
            .Take(Math.Max(1, maxFiles / 10));
        foreach (string path in oldest)
        {
            disk.Delete(path);
        }

        Sweep(folder);
    }

    private void TryDelete(string? path)
    {
        try
        {
            if (path is not null)
            {
                disk.Delete(path);
            }
        }
        catch (Exception)
        {
            // A later sweep finds it; the fault itself was said.
        }
    }

    private void WarnOfFile(string path, string fault)
    {
        if (_faulty.Count < maxFiles && _faulty.TryAdd(path, true))
        {
            CacheLog.FileIgnored(logger, path, fault);
        }
    }

    private void WarnOfFolder(string folder, string fault)
    {
        if (Interlocked.Exchange(ref _folderFaulty, 1) == 0)
        {
            CacheLog.FolderIgnored(logger, folder, fault);
        }
    }
}
