using System.Net;
using Mesh.Client.Inbound;
using Mesh.Client.Pipeline;
using Mesh.Client.Pipeline.Inherited;

namespace Mesh.Client.Http;

/// <summary>
/// Follows redirects against the logical URI, through the mesh where they lead to a service of it, by the rules of
/// <see cref="SocketsHttpHandler"/>: at most 50, never from https to http, without <c>Authorization</c>, and as GET where RFC 9110, 15.4 says so.
/// Each service on the way says for itself whether its redirects are followed.
/// </summary>
/// <param name="send">Sends the request to where it now leads.</param>
/// <param name="inbound">The request being served.</param>
internal sealed class Redirects(Func<HttpRequestMessage, CallerContext, bool, CancellationToken, Task<HttpResponseMessage>> send, InboundContext inbound)
{
    private const int MaxRedirects = 50;

    /// <summary>Follows a redirect to its end.</summary>
    /// <param name="call">The call that was redirected; its request ends up as the one that was answered.</param>
    /// <param name="response">The redirect.</param>
    /// <param name="limits">The times of the call, which hold for all that follows.</param>
    /// <returns>The first response that is no redirect, or the last one that must not be followed.</returns>
    public Task<HttpResponseMessage> FollowAsync(Call call, HttpResponseMessage response, CallLimits limits)
    {
        HttpRequestMessage request = call.Request;
        if (call.Caller.Redirects >= MaxRedirects || Target(request, response) is not { } target)
        {
            return Task.FromResult(response);
        }

        response.Dispose();
        Inheritance.Undo(call, inbound.Current);
        request.Headers.Authorization = null;
        request.RequestUri = target;
        if (BecomesGet(response.StatusCode, request.Method))
        {
            request.Method = HttpMethod.Get;
            request.Content = null;
            request.Headers.TransferEncodingChunked = null;
        }

        CallerContext caller = call.Caller with { Redirects = call.Caller.Redirects + 1, Before = limits };
        return send(request, caller, call.Synchronous, call.CancellationToken);
    }

    private static Uri? Target(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.MultipleChoices or HttpStatusCode.MovedPermanently or HttpStatusCode.Found
            or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
        {
            return null;
        }

        Uri origin = request.RequestUri!;
        if (response.Headers.Location is not { } location || !Uri.TryCreate(origin, location, out Uri? target))
        {
            return null;
        }

        if (target.Scheme is not ("http" or "https") || (origin.Scheme == "https" && target.Scheme == "http"))
        {
            return null;
        }

        // A target without a fragment inherits the origin's (RFC 9110, 10.2.2).
        return origin.Fragment.Length > 0 && target.Fragment.Length == 0 ? new UriBuilder(target) { Fragment = origin.Fragment }.Uri : target;
    }

    private static bool BecomesGet(HttpStatusCode status, HttpMethod method) => status switch
    {
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.MultipleChoices => method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };
}
