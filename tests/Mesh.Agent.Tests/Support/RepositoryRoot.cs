namespace Mesh.Agent.Tests.Support;

/// <summary>Where the repository is on this machine.</summary>
internal static class RepositoryRoot
{
    /// <summary>The folder that holds Mesh.Client.sln.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Mesh.Client.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Mesh.Client.sln. Run the tests from a build inside the repository.");
    }
}
