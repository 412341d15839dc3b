namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>This process.</summary>
internal sealed record ProcessAnswer
{
    public string Service { get; init; } = "";

    public required string Instance { get; init; }

    public string Region { get; init; } = "";

    public string Zone { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public required string Version { get; init; }

    public DateTimeOffset Now { get; init; }

    public bool CanChange { get; init; }

    public bool Receives { get; init; }

    public bool Explains { get; init; }

    public long LastEvent { get; init; }
}
