using System.Globalization;

namespace Mesh.Client.Probing;

/// <summary>A GET that any status from 200 to 299 answers well. The body of the reply is not read.</summary>
/// <param name="connect">Makes a transport that dials the endpoint, to be disposed with the probe.</param>
/// <param name="uri">What to ask for, under the service's logical name.</param>
internal sealed class HttpProbe(Func<HttpMessageHandler> connect, Uri uri) : IProbe
{
    private readonly ProbeInvoker _invoker = new(connect);

    public async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"{uri.PathAndQuery} answered {(int)response.StatusCode}");
    }

    public void Dispose() => _invoker.Dispose();
}
