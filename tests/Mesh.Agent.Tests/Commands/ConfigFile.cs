namespace Mesh.Agent.Tests.Commands;

/// <summary>A configuration on disk.</summary>
internal sealed class ConfigFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-agent-").FullName;

    public ConfigFile(string text) => File.WriteAllText(Path, text);

    public string Path => System.IO.Path.Combine(_folder, "agent.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
