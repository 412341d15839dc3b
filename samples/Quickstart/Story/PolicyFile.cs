using System.Text.Json.Nodes;

namespace Quickstart.Story;

/// <summary>A copy of <c>appsettings.json</c> in a folder of this run's own, so that every run begins with the same policy.</summary>
internal sealed class PolicyFile : IDisposable
{
    private const string FileName = "appsettings.json";

    private PolicyFile(string folder)
    {
        Folder = folder;
    }

    public string Folder { get; }

    public static PolicyFile Copy()
    {
        var file = new PolicyFile(Directory.CreateTempSubdirectory("mesh-quickstart-").FullName);
        File.Copy(Path.Combine(AppContext.BaseDirectory, FileName), Path.Combine(file.Folder, FileName));
        return file;
    }

    /// <summary>Edits the file, as an operator would while the program runs.</summary>
    public void SetForOrders(string section, string key, string value)
    {
        string path = Path.Combine(Folder, FileName);
        JsonNode root = JsonNode.Parse(File.ReadAllText(path))!;
        root["Mesh"]!["Services"]!["orders"]![section]![key] = value;
        File.WriteAllText(path, root.ToString());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
