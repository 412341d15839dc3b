using System.Globalization;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks the options of <c>Server</c> against each other, and what code made of them.</summary>
internal sealed class ServerCheck(CodeCheck check, LimitCheck limits, OptionErrors errors)
{
    /// <summary>What code made of the options, by the rules that the configuration is read by.</summary>
    public void Code(ServerOptions options, string origin)
    {
        if (!options.TrustsByDefault)
        {
            options.TrustedNetworks = check.Texts(options.TrustedNetworks, origin, nameof(options.TrustedNetworks), ServerValues.Network);
        }

        options.TrustedProxies = check.Texts(options.TrustedProxies, origin, nameof(options.TrustedProxies), ServerValues.Network);
        check.Named(options.DefaultAccess, origin, nameof(options.DefaultAccess));
        limits.Code(check, options.RateLimits, options.Concurrency, origin);
        foreach ((AccessRuleOptions rule, string item) in Rules(options, origin))
        {
            Code(rule.Allow, $"{item}:{nameof(rule.Allow)}:");
            Code(rule.Deny, $"{item}:{nameof(rule.Deny)}:");
        }
    }

    /// <summary>What does not go together, whoever wrote it.</summary>
    public void Whole(ServerOptions options, string origin)
    {
        new LaneRuleCheck(errors).Check(options.Lanes, $"{origin}{nameof(options.Lanes)}");
        limits.Whole(options.RateLimits, null, origin);
        limits.Whole(options.Concurrency, null, origin);
        foreach ((AccessRuleOptions rule, string item) in Rules(options, origin))
        {
            if (rule.Allow is null == rule.Deny is null)
            {
                errors.Add(item, null, "must have exactly one of Allow and Deny; write { \"Deny\": { \"Networks\": [ … ] } }, or two rules");
                continue;
            }

            (AccessMatchOptions match, string part) = rule.Allow is { } allow ? (allow, nameof(rule.Allow)) : (rule.Deny!, nameof(rule.Deny));
            foreach ((string name, string value) in match.Headers ?? new Dictionary<string, string>())
            {
                if (ServerValues.Header(name, value) is { } problem)
                {
                    errors.Add($"{item}:{part}:{nameof(match.Headers)}:{name}", value, problem);
                }
            }

            if (rule.Allow is { Callers.Count: > 0 } && options.TrustsByDefault)
            {
                errors.Add(
                    $"{item}:{part}:{nameof(match.Callers)}",
                    string.Join(", ", match.Callers),
                    $"is what a client says of itself, and nobody said whose word counts; name the networks of your services in Server:{nameof(options.TrustedNetworks)}, such as \"10.0.0.0/8\"");
            }
        }
    }

    private void Code(AccessMatchOptions? match, string origin)
    {
        if (match is null)
        {
            return;
        }

        match.Networks = check.Texts(match.Networks, origin, nameof(match.Networks), ServerValues.Network);
        match.Callers = check.Texts(match.Callers, origin, nameof(match.Callers), ServerValues.Caller);
        match.Methods = check.Texts(match.Methods, origin, nameof(match.Methods), ServerValues.Method);
        match.Paths = check.Texts(match.Paths, origin, nameof(match.Paths), ServerValues.Path);
        if (match.Headers is null)
        {
            errors.Add($"{origin}{nameof(match.Headers)}", null, "is null; leave it empty where no header must match");
        }
    }

    private List<(AccessRuleOptions Rule, string Item)> Rules(ServerOptions options, string origin)
    {
        List<(AccessRuleOptions, string)> rules = [];
        foreach (AccessRuleOptions? rule in options.Access ?? [])
        {
            string item = string.Create(CultureInfo.InvariantCulture, $"{origin}{nameof(options.Access)}:{rules.Count}");
            if (rule is null)
            {
                errors.Add(item, null, "is null; give it Allow or Deny");
            }

            rules.Add((rule ?? new AccessRuleOptions { Allow = new() }, item));
        }

        return rules;
    }
}
