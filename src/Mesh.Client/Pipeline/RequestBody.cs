using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Retries;

namespace Mesh.Client.Pipeline;

/// <summary>Makes a request's body ready to be sent more than once, where that is wanted and cheap.</summary>
internal static class RequestBody
{
    /// <summary>
    /// Gives a request that must not be sent twice an empty body where it has none. Without one <see cref="SocketsHttpHandler"/> itself sends it
    /// again when a kept connection ends before the response; what goes over the wire (<c>Content-Length: 0</c>) is the same. CONNECT, by which a
    /// WebSocket begins over HTTP/2, is left alone: a body would end the caller's side of it.
    /// </summary>
    public static void Guard(HttpRequestMessage request, RetryPolicy policy)
    {
        if (request.Content is null && request.Method != HttpMethod.Get && request.Method != HttpMethod.Connect && !RetryRules.MaySendTwice(policy, request.Method))
        {
            request.Content = new ByteArrayContent([]);
        }
    }

    /// <summary>
    /// Whether the body is of known length up to <c>Retry:MaxBufferedBody</c>, could otherwise be read only once, and belongs to a request that may be
    /// sent again. Longer ones stream and are not retried, nor is one that waits for the endpoint's leave (<c>Expect: 100-continue</c>) read before there is any.
    /// </summary>
    public static bool MustBuffer(HttpRequestMessage request, ServicePolicy policy, int maxAttempts) =>
        request.Content is { } content
        && !RetryRules.IsReplayable(content)
        && (maxAttempts > 1 || policy.Hedging.IsOn)
        && RetryRules.MaySendTwice(policy.Retry, request.Method)
        && content.Headers.ContentLength <= policy.Retry.MaxBufferedBody
        && request.Headers.ExpectContinue is not true;

    /// <summary>
    /// Whether a transport that has answered holds the attempt's token no more, because it cannot be sending the body any more. Of HTTP/3 nothing is known: its streams write on
    /// after the content has been serialized.
    /// </summary>
    public static bool IsOut(HttpRequestMessage request) =>
        request.Content is null || (request.Content is GrpcContent { IsOut: true } && request is { Version.Major: < 3, VersionPolicy: not HttpVersionPolicy.RequestVersionOrHigher });

    /// <summary>Buffers the body.</summary>
    public static Task BufferAsync(HttpRequestMessage request, RetryPolicy policy, CancellationToken cancellationToken) =>
        request.Content!.LoadIntoBufferAsync(policy.MaxBufferedBody, cancellationToken);
}
