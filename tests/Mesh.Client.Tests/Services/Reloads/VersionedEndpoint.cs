using System.Globalization;
using System.Net;
using Mesh.Client.Inbound;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Services.Reloads;

/// <summary>An endpoint that answers with what it saw of a call: the version in its header, that in its timeout, and which endpoint it is.</summary>
internal sealed class VersionedEndpoint(MeshEndpoint endpoint) : HttpMessageHandler
{
    public const string Seen = "x-seen";
    public const string Timeout = "x-seen-timeout";
    public const string Host = "x-host";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request };
        response.Headers.Add(Host, endpoint.Host);
        response.Headers.Add(Seen, Text(request, HotVersion.Header));
        long milliseconds = long.Parse(Text(request, InboundHeaders.Timeout), CultureInfo.InvariantCulture);
        response.Headers.Add(Timeout, (milliseconds - (long)HotVersion.BaseTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        return response;
    }

    private static string Text(HttpRequestMessage request, string name) => request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : "none";
}
