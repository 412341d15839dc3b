namespace Mesh.Client.Options;

/// <summary>What has become of a policy document, as it was when it was asked for.</summary>
public sealed record PolicyDocumentStatus
{
    /// <summary>What its source calls it.</summary>
    public required string Key { get; init; }

    /// <summary>The service that it is for; <see langword="null"/> for a whole one.</summary>
    public string? Service { get; init; }

    /// <summary>Whether it is in force.</summary>
    public PolicyDocumentState State { get; init; }

    /// <summary>Why it is refused, a line for each error; <see langword="null"/> where it is not.</summary>
    public string? Error { get; init; }
}
