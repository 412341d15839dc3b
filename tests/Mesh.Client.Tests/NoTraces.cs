using Mesh.Client.Discovery.Cache;

namespace Mesh.Client.Tests;

/// <summary>Fails the run where a test has written into the user's own folder for cached endpoints.</summary>
public sealed class NoTraces : IDisposable
{
    private readonly string[] _before = Files();

    /// <summary>Looks after the last test.</summary>
    public void Dispose() => Assert.Equal(_before, Files());

    private static string[] Files()
    {
        string folder = CacheFolder.OfThisApplication();
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(static f => $"{f} of {File.GetLastWriteTimeUtc(f):O}")] : [];
    }
}
