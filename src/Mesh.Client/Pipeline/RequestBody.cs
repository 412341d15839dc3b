using Mesh.Client.Model;
using Mesh.Client.Retries;

namespace Mesh.Client.Pipeline;

/// <summary>Makes a request's body ready to be sent more than once, where that is wanted and cheap.</summary>
internal static class RequestBody
{
    /// <summary>
    /// Gives a request that must not be sent twice an empty body where it has none. Without one <see cref="SocketsHttpHandler"/> itself sends it
    /// again when a kept connection ends before the response; what goes over the wire (<c>Content-Length: 0</c>) is the same.
    /// </summary>
    public static void Guard(HttpRequestMessage request, RetryPolicy policy)
    {
        if (request.Content is null && request.Method != HttpMethod.Get && !RetryRules.MaySendTwice(policy, request.Method))
        {
            request.Content = new ByteArrayContent([]);
        }
    }

    /// <summary>
    /// Buffers a body of known length up to <c>Retry:MaxBufferedBody</c> that could otherwise be read only once; longer ones stream and are not
    /// retried.
    /// </summary>
    /// <returns>Whether the body can be sent again.</returns>
    public static async ValueTask<bool> PrepareAsync(HttpRequestMessage request, RetryPolicy policy, CancellationToken cancellationToken)
    {
        HttpContent content = request.Content!;
        if (RetryRules.IsReplayable(content))
        {
            return true;
        }

        if (policy.MaxAttempts <= 1 || !RetryRules.MaySendTwice(policy, request.Method)
            || content.Headers.ContentLength is not { } length || length > policy.MaxBufferedBody)
        {
            return false;
        }

        await content.LoadIntoBufferAsync(policy.MaxBufferedBody, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
