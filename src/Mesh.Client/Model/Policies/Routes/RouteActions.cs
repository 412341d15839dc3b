namespace Mesh.Client.Model;

/// <summary>What a route does to a call beside choosing its endpoints and its times.</summary>
internal sealed record RouteActions
{
    public HeaderEdits? RequestHeaders { get; init; }

    public HeaderEdits? ResponseHeaders { get; init; }

    public PathRewrite? Path { get; init; }

    /// <summary>The <c>Host</c> that the endpoint sees.</summary>
    public string? Host { get; init; }

    public DirectResponse? Respond { get; init; }

    public RedirectPolicy? Redirect { get; init; }

    public MirrorPolicy? Mirror { get; init; }

    public FaultPolicy? Fault { get; init; }
}
