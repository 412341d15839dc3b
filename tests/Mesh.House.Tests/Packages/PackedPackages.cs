using System.Globalization;

namespace Mesh.House.Tests.Packages;

/// <summary>All packages of src, packed once as they were built, under a version that nobody has seen before.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    /// <summary>A folder outside the tree, so that no settings of the repository reach what is in it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mesh-packages-").FullName;

    public string Feed => Path.Combine(Folder, "feed");

    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.0.1-house.{DateTime.UtcNow:yyyyMMddHHmmss}.{Environment.ProcessId}");

    public async ValueTask InitializeAsync() =>
        await DotnetCommand.RunAsync(
            Repository.Root, "pack", "Mesh.Client.sln", "--no-build", "-c", Repository.Configuration, $"-p:PackageVersion={Version}", "-o", Feed, "-v", "quiet");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
