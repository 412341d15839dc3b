using System.Collections.Immutable;
using System.Globalization;
using Mesh.Client.Matching;
using Mesh.Client.Model;
using Mesh.Client.Options.Checking;

namespace Mesh.Client.Options.Reading;

/// <summary>Makes the immutable policy of valid server options.</summary>
internal static class ServerCompiler
{
    public static ServerPolicy Compile(ServerOptions options) => new()
    {
        TrustedNetworks = NetworkSet.Parse(options.TrustedNetworks),
        TrustIsExplicit = !options.TrustsByDefault,
        TrustedProxies = NetworkSet.Parse(options.TrustedProxies),
        Access = options.Access.Select(Rule).ToImmutableArray(),
        AllowsByDefault = options.DefaultAccess switch
        {
            AccessDefault.Allow => true,
            AccessDefault.Deny => false,
            _ => options.Access.All(static r => r.Allow is null || r.DryRun),
        },
        LooksAtPaths = options.Access.Any(static r => (r.Allow ?? r.Deny)?.Paths.Count > 0),
        AccessDryRun = options.AccessDryRun,
        RateLimits = LimitCompiler.RateLimits(options.RateLimits),
        Concurrency = LimitCompiler.Concurrency(options.Concurrency),
        Lanes = options.Lanes.Select(static l => new LaneRule(l.Name.Trim(), RouteCompiler.Match(l.Match) with { Fraction = 1 }, l.Match.Fraction, RequestPartText.Parse(l.Key))).ToImmutableArray(),
    };

    private static AccessRule Rule(AccessRuleOptions options, int index)
    {
        AccessMatchOptions match = options.Allow ?? options.Deny!;
        var compiled = new AccessMatch
        {
            Networks = match.Networks.Count > 0 ? NetworkSet.Parse(match.Networks) : null,
            Callers = match.Callers.ToImmutableArray(),
            Methods = match.Methods.ToImmutableArray(),

            // As routing compares them: a rule that sees a difference where the application sees none is a hole.
            Paths = match.Paths.Select(static p => PathPattern.Parse(p, ignoreCase: true)).ToImmutableArray(),
            Headers = match.Headers.Select(static h => new HeaderMatch(h.Key, new ValuePattern(h.Value))).ToImmutableArray(),
        };
        string name = options.Name.Length > 0 ? options.Name : string.Create(CultureInfo.InvariantCulture, $"Access:{index}");
        return new AccessRule(name, options.Allow is not null, compiled, options.DryRun);
    }
}
