using System.Security.Claims;
using Mesh.Client.Inbound;
using Mesh.Client.Limits.Keys;
using Mesh.Client.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>
/// A request that this process serves, as a limit's key sees it. The route is the pattern of its endpoint, where routing came before; claims are there where authentication did. A value that is
/// missing is a value too: all who lack it share a count.
/// </summary>
internal readonly ref struct RequestKeySource(HttpContext context, InboundRequest inbound, string service) : IKeySource
{
    private readonly HttpContext _context = context;
    private readonly InboundRequest _inbound = inbound;
    private readonly string _service = service;

    public void Add(LimitKeyPart part, ref KeyHasher hasher)
    {
        switch (part.Kind)
        {
            case LimitKeyPartKind.Service:
                hasher.Add(_service);
                break;
            case LimitKeyPartKind.Route:
                hasher.Add((_context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
                break;
            case LimitKeyPartKind.Caller:
                hasher.Add(_inbound.Caller);
                break;
            case LimitKeyPartKind.Client:
                ClientNetwork.Add(_inbound.Address, part, ref hasher);
                break;
            case LimitKeyPartKind.Header:
                hasher.Add(_context.Request.Headers[part.Name].ToString());
                break;
            case LimitKeyPartKind.Query:
                hasher.Add(QueryValue.Find(_context.Request.QueryString.Value, part.Name));
                break;
            default:
                AddClaims(part.Name, ref hasher);
                break;
        }
    }

    private void AddClaims(string type, ref KeyHasher hasher)
    {
        foreach (Claim claim in _context.User.Claims)
        {
            if (string.Equals(claim.Type, type, StringComparison.Ordinal))
            {
                hasher.Add(claim.Value);
            }
        }

        hasher.AddAbsent();
    }
}
