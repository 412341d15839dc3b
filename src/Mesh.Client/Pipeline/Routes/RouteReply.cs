using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Mesh.Client.Grpc;
using Mesh.Client.Model;

namespace Mesh.Client.Pipeline.Routes;

/// <summary>Answers that a route gives by itself.</summary>
internal static class RouteReply
{
    /// <summary>An answer with a body; to gRPC its status and message.</summary>
    public static HttpResponseMessage Direct(HttpRequestMessage request, DirectResponse answer)
    {
        var status = (HttpStatusCode)answer.Status;
        if (GrpcRequest.Is(request))
        {
            return GrpcReply.Create(request, GrpcReply.OfHttp(status), answer.Body);
        }

        var response = new HttpResponseMessage(status) { RequestMessage = request, Version = request.Version };
        if (answer.Body.Length > 0)
        {
            // The answer to HEAD says how long the body is and has none.
            bool isHead = request.Method == HttpMethod.Head;
            response.Content = isHead ? new ByteArrayContent([]) : new StringContent(answer.Body, Encoding.UTF8);
            response.Content.Headers.ContentLength = isHead ? Encoding.UTF8.GetByteCount(answer.Body) : null;
            response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(answer.ContentType);
        }

        return response;
    }

    /// <summary>A redirect; to gRPC, which follows none, a status. The port of the request goes with its host: another host has its own, or that of its scheme.</summary>
    public static HttpResponseMessage Redirect(HttpRequestMessage request, RedirectPolicy redirect)
    {
        if (GrpcRequest.Is(request))
        {
            return GrpcReply.Create(request, GrpcStatusCode.Unimplemented, "A route redirects this call, and gRPC follows no redirects. Let the route split the calls to another service instead.");
        }

        Uri uri = request.RequestUri!;
        string scheme = redirect.Scheme ?? uri.Scheme;
        string host = redirect.Host ?? uri.Host;
        string port = redirect.Port is { } number ? $":{number}" : redirect.Host is not null || uri.IsDefaultPort ? "" : $":{uri.Port}";
        string path = redirect.Path is { } rewrite ? PathRewriter.Apply(rewrite, uri.AbsolutePath) : uri.AbsolutePath;
        string query = redirect.StripQuery || path.Contains('?', StringComparison.Ordinal) ? "" : uri.Query;
        var response = new HttpResponseMessage((HttpStatusCode)redirect.Status) { RequestMessage = request, Version = request.Version };
        response.Headers.Location = new Uri($"{scheme}://{host}{port}{path}{query}");
        return response;
    }
}
