using System.Net.Http.Headers;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Keys;

/// <summary>A call that this process makes, as a limit's key sees it. It has neither a client's address nor claims: for them all calls share a bucket.</summary>
internal readonly ref struct CallKeySource(HttpRequestMessage request, string service, string route, LocalPolicy local) : IKeySource
{
    public const string CallerHeader = "x-mesh-caller";

    private readonly HttpRequestMessage _request = request;
    private readonly string _service = service;
    private readonly string _route = route;
    private readonly LocalPolicy _local = local;

    public void Add(LimitKeyPart part, ref KeyHasher hasher)
    {
        switch (part.Kind)
        {
            case LimitKeyPartKind.Service:
                hasher.Add(_service);
                break;
            case LimitKeyPartKind.Route:
                hasher.Add(_route);
                break;
            case LimitKeyPartKind.Caller:
                hasher.Add(Header(CallerHeader) is { Length: > 0 } caller ? caller : _local.Service is { Length: > 0 } name ? name : _local.Instance);
                break;
            case LimitKeyPartKind.Header:
                hasher.Add(Header(part.Name));
                break;
            case LimitKeyPartKind.Query:
                hasher.Add(QueryValue.Find(_request.RequestUri!.IsAbsoluteUri ? _request.RequestUri.Query : "", part.Name));
                break;
            default:
                hasher.AddAbsent();
                break;
        }
    }

    private string? Header(string name) => _request.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
