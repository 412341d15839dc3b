namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>The figures of this moment, in the stream.</summary>
internal sealed record LiveAnswer
{
    public DateTimeOffset Now { get; init; }

    public ServiceFigures[] Services { get; init; } = [];

    public ServerAnswer? Server { get; init; }
}
