namespace Mesh.Client.Model;

/// <summary>How endpoints are probed. Compiled from <c>HealthCheck</c>.</summary>
internal sealed record HealthCheckPolicy
{
    public HealthCheckType Type { get; init; }

    /// <summary>Path and query of an HTTP probe; the service that a gRPC probe asks for.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The scheme of an HTTP or gRPC probe to an endpoint that serves both.</summary>
    public string Scheme { get; init; } = Uri.UriSchemeHttp;

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Failures in a row that take an endpoint out.</summary>
    public int UnhealthyAfter { get; init; } = 3;

    /// <summary>Successes in a row that bring it back.</summary>
    public int HealthyAfter { get; init; } = 2;

    /// <summary>Where the probe goes instead of the endpoint's own port; 0 is the endpoint's own.</summary>
    public int Port { get; init; }
}
