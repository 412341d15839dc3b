using System.Net.Sockets;

namespace Mesh.Client.Retries;

/// <summary>Reads what a transport threw.</summary>
internal static class TransportFailure
{
    /// <summary>Tells a failure to connect, after which nothing has left this process, from the loss of a connection.</summary>
    public static FailureKind KindOf(Exception exception) => exception switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        } => FailureKind.ConnectFailure,

        // Nobody's token was cancelled, so this is the handler's own ConnectTimeout.
        OperationCanceledException { InnerException: TimeoutException } => FailureKind.ConnectFailure,
        HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.ConfigurationLimitExceeded } => FailureKind.Local,
        HttpRequestException or IOException or SocketException => FailureKind.Reset,
        _ => FailureKind.Local,
    };
}
