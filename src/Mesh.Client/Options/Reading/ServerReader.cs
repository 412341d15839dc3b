using Mesh.Client.Options.Checking;

namespace Mesh.Client.Options.Reading;

/// <summary>Reads the section <c>Server</c>: a line for each key.</summary>
internal static class ServerReader
{
    public static void Server(SectionReader section, ServerOptions options)
    {
        options.TrustedNetworks = section.List(nameof(options.TrustedNetworks), options.TrustedNetworks, ServerValues.Network);
        options.TrustedProxies = section.List(nameof(options.TrustedProxies), options.TrustedProxies, ServerValues.Network);
        options.Access = section.List(nameof(options.Access), options.Access, Rule);
        options.DefaultAccess = section.Choice(nameof(options.DefaultAccess), options.DefaultAccess);
        options.AccessDryRun = section.Flag(nameof(options.AccessDryRun), options.AccessDryRun);
        options.RateLimits = section.List(nameof(options.RateLimits), options.RateLimits, LimitReader.RateLimit);
        section.Section(nameof(options.Concurrency), options.Concurrency, LimitReader.Concurrency);
        options.Lanes = section.List(nameof(options.Lanes), options.Lanes, Lane);
    }

    private static LaneRuleOptions Lane(SectionReader section)
    {
        var rule = new LaneRuleOptions();
        rule.Name = section.Text(nameof(rule.Name), rule.Name);
        section.Section(nameof(rule.Match), rule.Match, RouteReader.Match);
        rule.Key = section.Parsed(nameof(rule.Key), rule.Key, ValueParsers.HashKey);
        return rule;
    }

    private static AccessRuleOptions Rule(SectionReader section)
    {
        var rule = new AccessRuleOptions();
        rule.Name = section.Text(nameof(rule.Name), rule.Name);
        rule.Allow = Match(section, nameof(rule.Allow));
        rule.Deny = Match(section, nameof(rule.Deny));
        rule.DryRun = section.Flag(nameof(rule.DryRun), rule.DryRun);
        return rule;
    }

    private static AccessMatchOptions? Match(SectionReader section, string key)
    {
        var match = new AccessMatchOptions();
        section.Section(key, match, Match);
        return section.Node.Child(key) is null ? null : match;
    }

    private static void Match(SectionReader section, AccessMatchOptions match)
    {
        match.Networks = section.List(nameof(match.Networks), match.Networks, ServerValues.Network);
        match.Callers = section.List(nameof(match.Callers), match.Callers, ServerValues.Caller);
        match.Methods = section.List(nameof(match.Methods), match.Methods, ServerValues.Method);
        match.Paths = section.List(nameof(match.Paths), match.Paths, ServerValues.Path);
        match.Headers = new Dictionary<string, string>(section.Pairs(nameof(match.Headers)), StringComparer.OrdinalIgnoreCase);
    }
}
