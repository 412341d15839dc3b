namespace Mesh.Client;

/// <summary>The mesh itself ended a call. The message names the service, the reason and the remedy.</summary>
public sealed class MeshException : HttpRequestException
{
    /// <summary>Makes the error.</summary>
    /// <param name="error">The reason.</param>
    /// <param name="serviceName">The logical name of the service.</param>
    /// <param name="message">The service, the reason and the remedy, for a person.</param>
    /// <param name="innerException">What led to it, if anything did.</param>
    public MeshException(MeshError error, string serviceName, string message, Exception? innerException = null)
        : base(ToHttpError(error), message, innerException)
    {
        Error = error;
        ServiceName = serviceName;
    }

    /// <summary>The reason.</summary>
    public MeshError Error { get; }

    /// <summary>The logical name of the service.</summary>
    public string ServiceName { get; }

    /// <summary>After what time another call may pass, where a rate limit says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the call found nobody before anything of it was sent.</summary>
    internal bool IsUnsent { get; set; }

    private static HttpRequestError ToHttpError(MeshError error) => error switch
    {
        MeshError.NoEndpoints or MeshError.DiscoveryTimeout => HttpRequestError.NameResolutionError,
        MeshError.NoEndpointAvailable => HttpRequestError.ConnectionError,
        _ => HttpRequestError.Unknown,
    };
}
