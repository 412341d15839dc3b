using System.Net.Http.Headers;

namespace Mesh.Client.Balancing.Hashing;

/// <summary>The values of one cookie in a request, without an allocation: over all <c>Cookie</c> headers, in their order (RFC 6265, 4.2.1).</summary>
internal ref struct CookieValues
{
    private readonly string _name;
    private HeaderStringValues.Enumerator _headers;
    private ReadOnlySpan<char> _rest;
    private readonly bool _any;

    public CookieValues(HttpRequestMessage request, string name)
    {
        _name = name;
        _any = request.Headers.NonValidated.TryGetValues("Cookie", out HeaderStringValues headers);
        _headers = headers.GetEnumerator();
    }

    /// <summary>The value, without quotes around it.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    public CookieValues GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_any)
        {
            while (!_rest.IsEmpty)
            {
                if (IsNext())
                {
                    return true;
                }
            }

            if (!_headers.MoveNext())
            {
                return false;
            }

            _rest = _headers.Current;
        }

        return false;
    }

    private bool IsNext()
    {
        int end = _rest.IndexOf(';');
        ReadOnlySpan<char> pair = (end < 0 ? _rest : _rest[..end]).Trim();
        _rest = end < 0 ? default : _rest[(end + 1)..];
        int equals = pair.IndexOf('=');
        if (equals < 0 || !pair[..equals].TrimEnd().SequenceEqual(_name))
        {
            return false;
        }

        ReadOnlySpan<char> value = pair[(equals + 1)..].TrimStart();
        Current = value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
        return true;
    }
}
