using System.Net.Http.Headers;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;

namespace Mesh.Client.Balancing.Sticky;

/// <summary>The marks that a request carries, in their order and without an allocation. What is no mark is passed over.</summary>
internal ref struct StickyMarks
{
    private readonly bool _isCookie;
    private CookieValues _cookies;
    private HeaderStringValues.Enumerator _headers;

    public StickyMarks(HttpRequestMessage request, RequestPart part)
    {
        _isCookie = part.Kind is RequestPartKind.Cookie;
        if (_isCookie)
        {
            _cookies = new CookieValues(request, part.Name);
        }
        else
        {
            request.Headers.NonValidated.TryGetValues(part.Name, out HeaderStringValues headers);
            _headers = headers.GetEnumerator();
        }
    }

    public ulong Current { get; private set; }

    public readonly StickyMarks GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_isCookie ? _cookies.MoveNext() : _headers.MoveNext())
        {
            if (StickyMark.TryParse(_isCookie ? _cookies.Current : _headers.Current.AsSpan().Trim(), out ulong mark))
            {
                Current = mark;
                return true;
            }
        }

        return false;
    }
}
