using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Grpc;

/// <summary>A scripted mesh whose endpoints speak gRPC.</summary>
internal static class GrpcMesh
{
    public static readonly string[] Three = ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"];

    public static ScriptedMesh Of(Action<ServiceOptions>? orders = null) => new(orders, Three);

    /// <summary>A unary call, or one with the content given.</summary>
    public static HttpRequestMessage Request(HttpContent? content = null, string? timeout = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/shop.Orders/Get")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content ?? new UnaryContent([0, 0, 0, 0, 1, 42]),
        };
        if (timeout is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);
        }

        return request;
    }

    /// <summary>A reply of a status alone.</summary>
    public static HttpResponseMessage Status(int status, string? pushback = null)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new ByteArrayContent([]) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        response.Headers.TryAddWithoutValidation("grpc-status", status.ToString(CultureInfo.InvariantCulture));
        if (pushback is not null)
        {
            response.Headers.TryAddWithoutValidation("grpc-retry-pushback-ms", pushback);
        }

        return response;
    }

    /// <summary>A reply with messages and a status after them.</summary>
    public static HttpResponseMessage Messages(int? status, Stream? body = null)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new StreamContent(body ?? new MemoryStream([0, 0, 0, 0, 1, 42])) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (status is { } code)
        {
            response.TrailingHeaders.TryAddWithoutValidation("grpc-status", code.ToString(CultureInfo.InvariantCulture));
        }

        return response;
    }

    /// <summary>The status that a client sees.</summary>
    public static async Task<int> StatusOf(HttpResponseMessage response)
    {
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        IEnumerable<string> values = response.Headers.TryGetValues("grpc-status", out IEnumerable<string>? early) ? early : response.TrailingHeaders.GetValues("grpc-status");
        return int.Parse(values.Single(), CultureInfo.InvariantCulture);
    }
}
