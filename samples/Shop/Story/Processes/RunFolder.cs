namespace Shop.Story.Processes;

/// <summary>A folder for the data of Consul and the logs of the instances, deleted at the end unless something is to be looked into.</summary>
/// <param name="story">Whose it is.</param>
internal sealed class RunFolder(string story) : IDisposable
{
    private bool _keep;

    public string Path { get; } = Directory.CreateTempSubdirectory($"mesh-{story}-").FullName;

    public void Keep()
    {
        _keep = true;
        Console.WriteLine($"What the processes logged is in {Path}");
    }

    public void Dispose()
    {
        if (!_keep)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
