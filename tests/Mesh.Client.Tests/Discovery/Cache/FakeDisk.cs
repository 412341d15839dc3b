using System.Collections.Concurrent;
using Mesh.Client.Discovery.Cache;

namespace Mesh.Client.Tests.Discovery.Cache;

/// <summary>A disk in memory that may be full, broken, slow or somebody else's. It outlives the meshes that use it, as a disk does.</summary>
internal sealed class FakeDisk(TimeProvider clock) : ICacheDisk
{
    private readonly ConcurrentDictionary<string, (byte[] Content, CacheEntry Entry)> _files = new();
    private readonly ConcurrentDictionary<string, CacheEntry> _folders = new();
    private int _reads;
    private int _writes;

    /// <summary>Runs before each operation, with its name; may throw as a disk does, or block.</summary>
    public Action<string>? Before { get; set; }

    public int Reads => Volatile.Read(ref _reads);

    public int Writes => Volatile.Read(ref _writes);

    /// <summary>The names of the files, in order.</summary>
    public string[] Names => [.. _files.Keys.Select(static p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    public bool HasFolder(string path) => _folders.ContainsKey(path);

    public byte[] ContentOf(string path) => _files[path].Content;

    /// <summary>Puts a file there behind the cache's back.</summary>
    public void Put(string path, byte[] content, Func<CacheEntry, CacheEntry>? change = null)
    {
        _folders.TryAdd(Path.GetDirectoryName(path)!, new CacheEntry { Kind = CacheEntryKind.Folder });
        var entry = new CacheEntry { Kind = CacheEntryKind.File, Length = content.Length, Modified = clock.GetUtcNow() };
        _files[path] = (content, change?.Invoke(entry) ?? entry);
    }

    public void PutFolder(string path, CacheEntry entry) => _folders[path] = entry;

    public CacheEntry? Look(string path)
    {
        Before?.Invoke(nameof(Look));
        return _folders.TryGetValue(path, out CacheEntry? folder) ? folder : _files.TryGetValue(path, out (byte[] Content, CacheEntry Entry) file) ? file.Entry : null;
    }

    public IReadOnlyList<string> List(string folder)
    {
        Before?.Invoke(nameof(List));
        return [.. _files.Keys.Where(p => Path.GetDirectoryName(p) == folder).Select(static p => Path.GetFileName(p))];
    }

    public void CreateFolder(string path)
    {
        Before?.Invoke(nameof(CreateFolder));
        PutFolder(path, new CacheEntry { Kind = CacheEntryKind.Folder });
    }

    public byte[] Read(string path)
    {
        Interlocked.Increment(ref _reads);
        Before?.Invoke(nameof(Read));
        return _files[path].Content;
    }

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        Assert.False(_files.ContainsKey(path), $"{path} is there already");
        byte[] whole = content.ToArray();
        Put(path, whole[..(whole.Length / 2)]);
        Before?.Invoke(nameof(Write));
        Put(path, whole);
        Interlocked.Increment(ref _writes);
    }

    public void Replace(string from, string to)
    {
        Before?.Invoke(nameof(Replace));
        Assert.True(_files.TryRemove(from, out (byte[] Content, CacheEntry Entry) file));
        _files[to] = file;
    }

    public void Delete(string path)
    {
        Before?.Invoke(nameof(Delete));
        _files.TryRemove(path, out _);
    }
}
