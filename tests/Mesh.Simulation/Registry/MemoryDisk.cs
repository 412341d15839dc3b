using Mesh.Client.Discovery.Cache;

namespace Mesh.Simulation.Registry;

/// <summary>A disk in memory, which outlives the processes.</summary>
internal sealed class MemoryDisk(TimeProvider clock) : ICacheDisk
{
    private readonly Dictionary<string, (byte[] Content, DateTimeOffset Written)> _files = [];
    private readonly HashSet<string> _folders = [];

    public CacheEntry? Look(string path) => _folders.Contains(path) ? new CacheEntry { Kind = CacheEntryKind.Folder }
        : _files.TryGetValue(path, out (byte[] Content, DateTimeOffset Written) file) ? new CacheEntry { Kind = CacheEntryKind.File, Length = file.Content.Length, Modified = file.Written }
        : null;

    public IReadOnlyList<string> List(string folder) => [.. _files.Keys.Where(path => Path.GetDirectoryName(path) == folder).Select(static path => Path.GetFileName(path))];

    public void CreateFolder(string path) => _folders.Add(path);

    public byte[] Read(string path) => _files[path].Content;

    public void Write(string path, ReadOnlySpan<byte> content) => _files.Add(path, (content.ToArray(), clock.GetUtcNow()));

    public void Replace(string from, string to)
    {
        _files[to] = _files[from];
        _files.Remove(from);
    }

    public void Delete(string path) => _files.Remove(path);
}
