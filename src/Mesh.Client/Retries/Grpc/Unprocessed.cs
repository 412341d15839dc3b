using System.Reflection;

namespace Mesh.Client.Retries.Grpc;

/// <summary>
/// Tells a request that the server surely did not process, because it was above the last stream of a GOAWAY (RFC 9113, 6.8), from one that it may have. What
/// <see cref="SocketsHttpHandler"/> throws is alike in all that is public; what tells them apart is the mark by which the handler sends such a request again itself, three times to the
/// same endpoint, before anybody hears of it. Where a later .NET has no such mark a GOAWAY is a lost connection, as any other.
/// </summary>
internal static class Unprocessed
{
    private const string SentAgain = "RetryOnConnectionFailure";

    private static readonly PropertyInfo? s_mark = typeof(HttpRequestException).GetProperty("AllowRetry", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>Whether an error of HTTP/2 or HTTP/3 says so. HTTP/1.1 has no way to say it, whatever the mark.</summary>
    public static bool Is(Exception error) => error is HttpRequestException { InnerException: HttpProtocolException } && s_mark?.GetValue(error)?.ToString() == SentAgain;
}
