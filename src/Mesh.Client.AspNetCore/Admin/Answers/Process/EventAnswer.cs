namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>Something that happened.</summary>
internal sealed record EventAnswer
{
    public long Number { get; init; }

    public DateTimeOffset Time { get; init; }

    public int Id { get; init; }

    public required string Name { get; init; }

    public required string Level { get; init; }

    public string? Service { get; init; }

    public string? Endpoint { get; init; }

    public required string Text { get; init; }
}
