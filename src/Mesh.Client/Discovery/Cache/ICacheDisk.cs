namespace Mesh.Client.Discovery.Cache;

/// <summary>The part of the file system that the cache uses. All of it may throw what file systems throw, and take its time.</summary>
internal interface ICacheDisk
{
    /// <summary>Looks at a path.</summary>
    /// <returns><see langword="null"/> where nothing is.</returns>
    CacheEntry? Look(string path);

    /// <summary>The names of the files in a folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Makes a folder and what is missing above it, for this user alone.</summary>
    void CreateFolder(string path);

    byte[] Read(string path);

    /// <summary>Writes a new file for this user alone, down to the disk. Fails where something is there already, be it a link.</summary>
    void Write(string path, ReadOnlySpan<byte> content);

    /// <summary>Puts a file in the place of another in one step. A link in that place is replaced, not followed.</summary>
    void Replace(string from, string to);

    void Delete(string path);
}
