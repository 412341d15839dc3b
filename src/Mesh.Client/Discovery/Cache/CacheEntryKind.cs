namespace Mesh.Client.Discovery.Cache;

/// <summary>What stands at a path.</summary>
internal enum CacheEntryKind
{
    File,
    Folder,
    Link,
}
