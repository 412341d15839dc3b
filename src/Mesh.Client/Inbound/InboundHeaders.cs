namespace Mesh.Client.Inbound;

/// <summary>The headers by which processes of a mesh tell each other about a request.</summary>
internal static class InboundHeaders
{
    /// <summary>The service that calls.</summary>
    public const string Caller = "x-mesh-caller";

    public const string Priority = "x-mesh-priority";

    /// <summary>Milliseconds that are left, as Envoy writes them.</summary>
    public const string Timeout = "x-envoy-expected-rq-timeout-ms";

    public const string Baggage = "baggage";

    /// <summary>The member of <see cref="Baggage"/> that names the lane.</summary>
    public const string Lane = "mesh-lane";

    /// <summary>The word of a priority that is not the default.</summary>
    public static string Word(InboundPriority priority) => priority is InboundPriority.Critical ? "critical" : "sheddable";
}
