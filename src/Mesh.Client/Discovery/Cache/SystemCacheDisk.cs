namespace Mesh.Client.Discovery.Cache;

/// <summary>The real disk. On Windows, where folders of a user are closed to others by inheritance, owner and mode are not looked at.</summary>
internal sealed class SystemCacheDisk : ICacheDisk
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public CacheEntry? Look(string path)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (info.LinkTarget is not null)
        {
            return new CacheEntry { Kind = CacheEntryKind.Link, IsForeign = UnixOwner.IsForeign(path), Target = info.ResolveLinkTarget(returnFinalTarget: true)?.FullName };
        }

        if (!info.Exists)
        {
            return null;
        }

        return new CacheEntry
        {
            Kind = info is DirectoryInfo ? CacheEntryKind.Folder : CacheEntryKind.File,
            IsForeign = UnixOwner.IsForeign(path),
            IsOpenToOthers = !OperatingSystem.IsWindows() && (info.UnixFileMode & OthersMayWrite) != 0,
            Length = (info as FileInfo)?.Length ?? 0,
            Modified = info.LastWriteTimeUtc,
        };
    }

    public IReadOnlyList<string> List(string folder) => [.. Directory.EnumerateFiles(folder).Select(static p => Path.GetFileName(p))];

    public void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        // Each level by itself: the mode would be that of the last one only.
        if (Path.GetDirectoryName(path) is { Length: > 0 } above && !Directory.Exists(above))
        {
            CreateFolder(above);
        }

        Directory.CreateDirectory(path, PrivateFolder);
    }

    public byte[] Read(string path) => File.ReadAllBytes(path);

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    public void Replace(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);
}
