namespace Mesh.IntegrationTests.Cache;

/// <summary>A folder of a test's own.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mesh-cache-").FullName;

    public void Dispose()
    {
        // The cache of a mesh that just ended may write its last file at this moment.
        for (int i = 0; Directory.Exists(Path); i++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (i < 10)
            {
                Thread.Yield();
            }
        }
    }
}
