using System.Diagnostics.CodeAnalysis;
using Mesh.Client.Matching;
using Mesh.Client.Model;
using Mesh.Client.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.AspNetCore.Lanes;

/// <summary>The facts of a request that this process serves.</summary>
internal readonly ref struct ServedFacts : IKeyedFacts
{
    private readonly HttpContext _context;

    public ServedFacts(HttpContext context, string? caller)
    {
        _context = context;
        Caller = caller;
        Path = PathOf(context);
    }

    public ReadOnlySpan<char> Method => _context.Request.Method;

    public ReadOnlySpan<char> Path { get; }

    public ReadOnlySpan<char> Query => _context.Request.QueryString.Value;

    public string? Caller { get; }

    public string? Lane => null;

    public bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        if (_context.Request.Headers.TryGetValue(name, out StringValues lines))
        {
            value = lines.Count == 1 ? lines[0] ?? "" : string.Join(", ", lines.ToArray());
            return true;
        }

        value = null;
        return false;
    }

    public bool TryGetKey(RequestPart part, out ReadOnlySpan<char> key)
    {
        switch (part.Kind)
        {
            case RequestPartKind.Header:
                bool isThere = TryGetHeader(part.Name, out string? header);
                key = header;
                return isThere;
            case RequestPartKind.Query:
                return QueryValues.TryFind(Query, part.Name, out key);
            case RequestPartKind.Cookie:
                key = _context.Request.Cookies[part.Name];
                return !key.IsEmpty;
            case RequestPartKind.Path:
                key = Path;
                return true;
            default:
                key = Caller;
                return Caller is not null;
        }
    }

    // As it was sent; only servers over HTTP know that, and a request in absolute form has a host before it.
    private static ReadOnlySpan<char> PathOf(HttpContext context)
    {
        ReadOnlySpan<char> target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (target is not ['/', ..])
        {
            return context.Request.PathBase.Add(context.Request.Path).ToUriComponent();
        }

        return target.IndexOf('?') is var query and >= 0 ? target[..query] : target;
    }
}
