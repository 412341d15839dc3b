namespace Mesh.Client.Tests.Routing.RouterCheck;

/// <summary>A request and what becomes of it. What a case does not name is not looked at.</summary>
internal sealed record RouterCase
{
    /// <summary>A path with its query, behind a method where it is not GET, or a whole URI.</summary>
    public required string Request { get; init; }

    /// <summary>The request's headers; several lines of one name with <c>|</c> between them.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The request's body.</summary>
    public string? Sends { get; init; }

    /// <summary>The name of the route; <c>none</c> where none matches.</summary>
    public string? Route { get; init; }

    /// <summary>Where the call arrives: a version of the service, <c>archive</c>, or <c>none</c>.</summary>
    public string? To { get; init; }

    /// <summary>The path and query that the endpoint sees.</summary>
    public string? Path { get; init; }

    /// <summary>The host that the endpoint sees.</summary>
    public string? Host { get; init; }

    /// <summary>Headers as the endpoint sees them, and <see langword="null"/> for those that it must not see.</summary>
    public Dictionary<string, string?> Sees { get; init; } = [];

    /// <summary>The status that the caller gets.</summary>
    public int? Status { get; init; }

    /// <summary>The body that the caller gets.</summary>
    public string? Body { get; init; }

    /// <summary>The <c>Location</c> that the caller gets.</summary>
    public string? Location { get; init; }

    /// <summary>Headers as the caller gets them, and <see langword="null"/> for those that it must not get.</summary>
    public Dictionary<string, string?> Gets { get; init; } = [];
}
