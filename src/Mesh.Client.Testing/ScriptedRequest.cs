using System.Net.Http.Headers;

namespace Mesh.Client.Testing;

/// <summary>A request as a scripted endpoint received it: a copy that later changes to the message do not touch.</summary>
public sealed class ScriptedRequest
{
    private byte[] _body = [];

    internal ScriptedRequest(HttpRequestMessage request, DateTimeOffset receivedAt)
    {
        Method = request.Method;
        Uri = request.RequestUri;
        Headers = Copy(request.Headers, request.Content?.Headers);
        ReceivedAt = receivedAt;
    }

    /// <summary>The method.</summary>
    public HttpMethod Method { get; }

    /// <summary>The URI as the caller wrote it: it names the service, not the endpoint.</summary>
    public Uri? Uri { get; }

    /// <summary>The headers of the request and of its content. Names are not case-sensitive; several values are joined as on the wire, mostly by <c>, </c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The body; empty where there is none, and until it was read to its end.</summary>
    public ReadOnlyMemory<byte> Body => Volatile.Read(ref _body);

    /// <summary>When the call arrived, on the clock of the transport.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The method and the URI.</summary>
    public override string ToString() => $"{Method} {Uri}";

    internal void SetBody(MemoryStream body) => Volatile.Write(ref _body, body.ToArray());

    private static Dictionary<string, string> Copy(HttpRequestHeaders headers, HttpContentHeaders? contentHeaders)
    {
        var copy = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            copy[name] = values.ToString();
        }

        if (contentHeaders is not null)
        {
            foreach ((string name, HeaderStringValues values) in contentHeaders.NonValidated)
            {
                copy[name] = values.ToString();
            }
        }

        return copy;
    }
}
