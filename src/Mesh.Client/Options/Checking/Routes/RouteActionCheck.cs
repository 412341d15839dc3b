using System.Globalization;
using System.Text;
using Mesh.Client.Matching;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks what a route does to its calls.</summary>
internal sealed class RouteActionCheck(OptionErrors errors)
{
    private const int MaxBody = 4096;

    public void Check(RouteRuleOptions route, string origin)
    {
        Edits(route.RequestHeaders, $"{origin}{nameof(route.RequestHeaders)}:");
        Edits(route.ResponseHeaders, $"{origin}{nameof(route.ResponseHeaders)}:");
        Rewrite(route, $"{origin}{nameof(route.Rewrite)}:");
        if (route is { Respond: not null, Redirect: not null })
        {
            errors.Add($"{origin}{nameof(route.Redirect)}", null, "stands beside Respond; a call has one answer, so remove one");
        }

        if (route.Respond is { } respond)
        {
            Respond(respond, $"{origin}{nameof(route.Respond)}:");
        }

        if (route.Redirect is { } redirect)
        {
            Redirect(redirect, route.Match, $"{origin}{nameof(route.Redirect)}:");
        }

        if (route.Mirror is { } mirror)
        {
            Mirror(mirror, $"{origin}{nameof(route.Mirror)}:");
        }

        if (route.Fault is { } fault)
        {
            Fault(fault, $"{origin}{nameof(route.Fault)}:");
        }
    }

    private void Edits(HeaderEditOptions edits, string origin)
    {
        foreach ((string list, IDictionary<string, string>? headers) in new[] { (nameof(edits.Set), edits.Set), (nameof(edits.Add), edits.Add) })
        {
            if (headers is null)
            {
                errors.Add($"{origin}{list}", null, "is null; leave it empty where nothing is changed");
                continue;
            }

            foreach ((string name, string? value) in headers)
            {
                Report($"{origin}{list}:{name}", value, RouteValues.HeaderName(name, out _) ?? RouteValues.HeaderValue(value));
            }
        }

        if (edits.Remove is null)
        {
            errors.Add($"{origin}{nameof(edits.Remove)}", null, "is null; give it an empty list instead");
        }

        foreach (string? name in edits.Remove ?? [])
        {
            Report($"{origin}{nameof(edits.Remove)}", name, RouteValues.HeaderName(name ?? "", out _));
        }
    }

    private void Rewrite(RouteRuleOptions route, string origin)
    {
        RouteRewriteOptions rewrite = route.Rewrite;
        (string Name, string? Text)[] given =
        [
            .. new (string Name, string? Text)[] { (nameof(rewrite.Path), rewrite.Path), (nameof(rewrite.Prefix), rewrite.Prefix), (nameof(rewrite.Regex), rewrite.Regex) }.Where(static p => !string.IsNullOrEmpty(p.Text)),
        ];
        if (given.Length > 1)
        {
            errors.Add($"{origin}{given[1].Name}", given[1].Text, $"stands beside {given[0].Name}; a path is rewritten in one way, so remove one");
        }

        Path(rewrite.Path, $"{origin}{nameof(rewrite.Path)}");
        Prefix(rewrite.Prefix, route.Match, $"{origin}{nameof(rewrite.Prefix)}");
        if (rewrite.Regex is { Length: > 0 } regex)
        {
            string? problem = rewrite.Pattern.Problem(regex);
            Report($"{origin}{nameof(rewrite.Regex)}", regex, problem);
            if (problem is null)
            {
                Report($"{origin}{nameof(rewrite.Substitution)}", rewrite.Substitution, Substitution.Problem(rewrite.Substitution ?? "", rewrite.Pattern.Get(regex)));
            }
        }
        else if (rewrite.Substitution is { Length: > 0 } substitution)
        {
            errors.Add($"{origin}{nameof(rewrite.Substitution)}", substitution, "is of no use without Regex; remove it, or write what it replaces");
        }

        Host(rewrite.Host, $"{origin}{nameof(rewrite.Host)}");

        if (rewrite.Host is { } host && !Ascii.IsValid(host))
        {
            errors.Add($"{origin}{nameof(rewrite.Host)}", host, "has characters that no header may have; write the name in its form of ASCII, such as \"xn--bcher-kva.example\"");
        }
    }

    private void Respond(DirectResponseOptions respond, string origin)
    {
        Range(OptionRules.For<DirectResponseOptions>(), origin, nameof(respond.Status), respond.Status);
        if (respond.Body is null || respond.Body.Length > MaxBody)
        {
            errors.Add($"{origin}{nameof(respond.Body)}", null, $"is null or longer than {MaxBody} characters; shorten it");
        }

        if (!System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(respond.ContentType, out _))
        {
            errors.Add($"{origin}{nameof(respond.ContentType)}", respond.ContentType, "is no type of content; write one such as \"text/plain\" or \"application/json\"");
        }
    }

    private void Redirect(RedirectOptions redirect, RouteMatchOptions match, string origin)
    {
        OptionRules rules = OptionRules.For<RedirectOptions>();
        Range(rules, origin, nameof(redirect.Port), redirect.Port);
        if (redirect.Status is not (301 or 302 or 303 or 307 or 308))
        {
            errors.Add($"{origin}{nameof(redirect.Status)}", redirect.Status.ToString(CultureInfo.InvariantCulture), "is no redirect; write 301, 302, 303, 307 or 308");
        }

        if (redirect.Scheme is not (null or "" or "http" or "https"))
        {
            errors.Add($"{origin}{nameof(redirect.Scheme)}", redirect.Scheme, "is no scheme of HTTP; write \"http\" or \"https\"");
        }

        if (redirect is { Path.Length: > 0, Prefix.Length: > 0 })
        {
            errors.Add($"{origin}{nameof(redirect.Prefix)}", redirect.Prefix, "stands beside Path; a path is replaced in one way, so remove one");
        }

        if (redirect is { Scheme: "", Host: "", Port: 0, Path: "", Prefix: "", StripQuery: false })
        {
            errors.Add(origin.TrimEnd(':'), null, "leads to where the call already goes; name a Scheme, Host, Port, Path or Prefix");
        }

        if (redirect.Path is { Length: > 0 } path)
        {
            Report($"{origin}{nameof(redirect.Path)}", path, RouteValues.PathAndQuery(path));
        }

        Prefix(redirect.Prefix, match, $"{origin}{nameof(redirect.Prefix)}");
        Host(redirect.Host, $"{origin}{nameof(redirect.Host)}");

        if (redirect is { Port: > 0, Host.Length: > 0 } && RouteValues.HasPort(redirect.Host))
        {
            errors.Add($"{origin}{nameof(redirect.Port)}", redirect.Port.ToString(CultureInfo.InvariantCulture), "stands beside a port in Host; remove one");
        }
    }

    private void Mirror(MirrorOptions mirror, string origin)
    {
        OptionRules rules = OptionRules.For<MirrorOptions>();
        Range(rules, origin, nameof(mirror.Percent), mirror.Percent);
        Range(rules, origin, nameof(mirror.MaxBody), mirror.MaxBody);
        Range(rules, origin, nameof(mirror.MaxActive), mirror.MaxActive);
        if (mirror.Service is { Length: > 0 } service)
        {
            Report($"{origin}{nameof(mirror.Service)}", service, HostName.ServiceProblem(service));
        }

        if (mirror.Labels is null || mirror.Labels.Any(static l => l.Value is null))
        {
            errors.Add($"{origin}{nameof(mirror.Labels)}", null, "is null or has a null in it; leave it empty where there are no labels");
        }
    }

    private void Fault(FaultOptions fault, string origin)
    {
        OptionRules rules = OptionRules.For<FaultOptions>();
        Range(rules, origin, nameof(fault.Delay), fault.Delay);
        Range(rules, origin, nameof(fault.DelayPercent), fault.DelayPercent);
        Range(rules, origin, nameof(fault.AbortStatus), fault.AbortStatus);
        Range(rules, origin, nameof(fault.AbortGrpcStatus), fault.AbortGrpcStatus);
        Range(rules, origin, nameof(fault.AbortPercent), fault.AbortPercent);
        Range(rules, origin, nameof(fault.MaxActive), fault.MaxActive);
        if (fault is { DelayPercent: > 0, FromHeaders: false } && fault.Delay <= TimeSpan.Zero)
        {
            errors.Add($"{origin}{nameof(fault.DelayPercent)}", fault.DelayPercent.ToString(CultureInfo.InvariantCulture), "holds calls for no time; name a Delay, or write 0");
        }
    }

    private void Path(string? path, string key)
    {
        if (!string.IsNullOrEmpty(path))
        {
            Report(key, path, RouteValues.PathText(path));
        }
    }

    private void Prefix(string? prefix, RouteMatchOptions match, string key)
    {
        if (string.IsNullOrEmpty(prefix))
        {
            return;
        }

        Path(prefix, key);
        if (string.IsNullOrEmpty(match.Prefix) && string.IsNullOrEmpty(match.Exact))
        {
            errors.Add(key, prefix, "replaces what Match:Prefix or Match:Exact matched, and neither is given; name one, or write Path");
        }
    }

    private void Host(string? host, string key)
    {
        if (!string.IsNullOrEmpty(host))
        {
            Report(key, host, RouteValues.Host(host));
        }
    }

    private void Range<T>(OptionRules rules, string origin, string property, T value) => Report($"{origin}{property}", Convert.ToString(value, CultureInfo.InvariantCulture), rules.Problem(property, value));

    private void Report(string key, string? value, string? problem)
    {
        if (problem is not null)
        {
            errors.Add(key, value, problem);
        }
    }
}
