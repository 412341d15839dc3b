using System.Collections.Concurrent;
using System.Net;

namespace Mesh.Client.Tests;

/// <summary>Keeps what it was sent, and answers as the test says; by default with 200.</summary>
internal sealed class RecordingHandler(Func<HttpRequestMessage, HttpResponseMessage>? respond = null) : HttpMessageHandler
{
    private readonly ConcurrentQueue<(string Method, Uri? Uri, string? Authorization)> _seen = new();

    public bool IsDisposed { get; private set; }

    /// <summary>The methods and URIs, as <c>GET http://orders/x</c>.</summary>
    public string[] Seen => [.. _seen.Select(static s => $"{s.Method} {s.Uri}")];

    public int Calls => _seen.Count;

    public string? LastAuthorization => _seen.Last().Authorization;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _seen.Enqueue((request.Method.Method, request.RequestUri, request.Headers.Authorization?.ToString()));
        HttpResponseMessage response = respond?.Invoke(request) ?? new HttpResponseMessage(HttpStatusCode.OK);
        response.RequestMessage ??= request;
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
