using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace Mesh.Client.Routing;

/// <summary>
/// The facts of a call that leaves this process. Path and query are read as the transport reads them, from the text that the <see cref="Uri"/> keeps once somebody asked: the first to ask,
/// here or there, pays for it.
/// </summary>
internal readonly ref struct CallFacts : IRequestFacts
{
    private readonly HttpRequestMessage _request;
    private readonly ReadOnlySpan<char> _pathAndQuery;
    private readonly int _queryAt;

    public CallFacts(HttpRequestMessage request, string? caller, string? lane)
    {
        _request = request;
        Caller = caller;
        Lane = lane;
        _pathAndQuery = request.RequestUri!.PathAndQuery;
        _queryAt = _pathAndQuery.IndexOf('?') is var at and >= 0 ? at : _pathAndQuery.Length;
    }

    public ReadOnlySpan<char> Method => _request.Method.Method;

    public ReadOnlySpan<char> Path => _pathAndQuery[.._queryAt];

    public ReadOnlySpan<char> Query => _pathAndQuery[_queryAt..];

    public string? Caller { get; }

    public string? Lane { get; }

    public bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        if (_request.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values)
            || _request.Content is { } content && content.Headers.NonValidated.TryGetValues(name, out values))
        {
            value = values.ToString().Trim();
            return true;
        }

        value = name.Equals("host", StringComparison.OrdinalIgnoreCase) ? _request.RequestUri!.Authority : null;
        return value is not null;
    }
}
