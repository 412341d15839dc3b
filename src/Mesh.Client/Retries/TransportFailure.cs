using System.Net.Sockets;
using Mesh.Client.Retries.Grpc;
using Polly.Timeout;

namespace Mesh.Client.Retries;

/// <summary>Reads what a transport threw.</summary>
internal static class TransportFailure
{
    // RFC 9113, 7.
    private const long NoError = 0x0;
    private const long RefusedStream = 0x7;

    /// <summary>Whether the server said goodbye while the request was under way: it is going, and not ill.</summary>
    public static bool IsGoodbye(Exception exception) => exception is HttpRequestException { InnerException: HttpProtocolException { ErrorCode: NoError } };

    /// <summary>
    /// Whether a request was not sent because its headers are longer than the server said it takes (SETTINGS_MAX_HEADER_LIST_SIZE): the caller's own fault. Nothing but the text tells
    /// it apart; where a later .NET words it otherwise it is a lost connection, as any other.
    /// </summary>
    public static bool IsTooLong(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: null } && exception.Message.StartsWith("The HTTP request headers length exceeded", StringComparison.Ordinal);

    /// <summary>Tells a failure to connect, after which nothing has left this process, from the loss of a connection.</summary>
    public static FailureKind KindOf(Exception exception) => exception switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        } => FailureKind.ConnectFailure,

        // Nobody's token was cancelled, so this is the handler's own ConnectTimeout.
        OperationCanceledException { InnerException: TimeoutException } => FailureKind.ConnectFailure,
        HttpRequestException { InnerException: HttpProtocolException { ErrorCode: RefusedStream } } => FailureKind.Refused,
        HttpRequestException when Unprocessed.Is(exception) => FailureKind.Refused,
        HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.ConfigurationLimitExceeded } => FailureKind.Protocol,
        HttpRequestException when IsTooLong(exception) => FailureKind.Local,
        HttpRequestException or IOException or SocketException => FailureKind.Reset,

        // A timeout of the user's own pipeline says the same as that of the policy.
        TimeoutRejectedException => FailureKind.AttemptTimeout,
        _ => FailureKind.Local,
    };

    /// <summary>Whether a failure comes from a connection, and not from a file, a stream or code of the caller's.</summary>
    public static bool IsOfConnection(Exception? error)
    {
        for (; error is not null and not OperationCanceledException; error = error.InnerException)
        {
            if (error is HttpIOException or SocketException)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether sending failed because the request's own content could not be read, which the handler reports like a lost connection.</summary>
    public static bool IsOfContent(HttpRequestMessage request, Exception error) =>
        request.Content is not null
        && error is HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: not null }
        && !IsOfConnection(error);
}
