namespace Mesh.Client.Discovery.Cache;

/// <summary>Reads the bytes of a cache file.</summary>
/// <param name="content">The bytes.</param>
/// <param name="fault">What is wrong with them, where they cannot be used.</param>
/// <returns>What they say; <see langword="null"/> where they cannot be used.</returns>
internal delegate T? CacheReader<out T>(ReadOnlySpan<byte> content, out string? fault)
    where T : class;
