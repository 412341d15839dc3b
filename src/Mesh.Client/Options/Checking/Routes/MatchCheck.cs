using System.Globalization;
using Mesh.Client.Matching;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks the conditions of a rule.</summary>
internal sealed class MatchCheck(OptionErrors errors)
{
    public void Check(RouteMatchOptions match, string origin)
    {
        (string Name, string? Text)[] paths = [(nameof(match.Path), match.Path), (nameof(match.Exact), match.Exact), (nameof(match.Prefix), match.Prefix), (nameof(match.PathRegex), match.PathRegex)];
        (string Name, string? Text)[] given = [.. paths.Where(static p => !string.IsNullOrEmpty(p.Text))];
        if (given.Length > 1)
        {
            errors.Add($"{origin}{given[1].Name}", given[1].Text, $"stands beside {given[0].Name}; a rule looks at its path in one way, so write two rules or one of both");
        }

        foreach ((string name, string? text) in given)
        {
            string? problem = name switch
            {
                nameof(match.Path) => PathPattern.Problem(text!),
                nameof(match.PathRegex) => match.PathPattern.Problem(text!),
                _ => RouteValues.PathText(text!),
            };
            Report($"{origin}{name}", text, problem);
        }

        Report($"{origin}{nameof(match.Fraction)}", match.Fraction.ToString(CultureInfo.InvariantCulture), OptionRules.For<RouteMatchOptions>().Problem(nameof(match.Fraction), match.Fraction));
        if (match.Lane is { Length: > 0 } lane)
        {
            Report($"{origin}{nameof(match.Lane)}", lane, RouteValues.LaneOrAny(lane, out _));
        }

        Texts(match.Methods, $"{origin}{nameof(match.Methods)}", ServerValues.Method);
        Texts(match.Callers, $"{origin}{nameof(match.Callers)}", ServerValues.Caller);
        Values(match.Headers, $"{origin}{nameof(match.Headers)}", isHeader: true);
        Values(match.Query, $"{origin}{nameof(match.Query)}", isHeader: false);
    }

    private void Values(IDictionary<string, ValueMatchOptions>? values, string origin, bool isHeader)
    {
        if (values is null)
        {
            errors.Add(origin, null, "is null; leave it empty where nothing must match");
            return;
        }

        foreach ((string name, ValueMatchOptions? condition) in values)
        {
            string key = $"{origin}:{name}";
            if (isHeader && !RequestPartText.IsToken(name))
            {
                errors.Add(key, name, "is no name of a header");
            }

            if (condition is null)
            {
                errors.Add(key, null, "is null; say what the value must be");
                continue;
            }

            (string Name, string? Text)[] given =
            [
                .. new (string Name, string? Text)[]
                {
                    (nameof(condition.Exact), condition.Exact), (nameof(condition.Prefix), condition.Prefix), (nameof(condition.Suffix), condition.Suffix),
                    (nameof(condition.Contains), condition.Contains), (nameof(condition.Regex), condition.Regex), (nameof(condition.Range), condition.Range),
                    (nameof(condition.Present), condition.Present?.ToString()),
                }.Where(static c => c.Text is not null),
            ];
            if (given.Length != 1)
            {
                errors.Add(key, null, "must have exactly one of Exact, Prefix, Suffix, Contains, Regex, Range and Present");
                continue;
            }

            (string kind, string? text) = given[0];
            Report($"{key}:{kind}", text, kind switch
            {
                nameof(condition.Regex) => condition.Pattern.Problem(text!),
                nameof(condition.Range) => RouteValues.Range(text!, out _, out _),
                nameof(condition.Prefix) or nameof(condition.Suffix) or nameof(condition.Contains) when text!.Length == 0 => "is empty, which every value is; write \"Present\": true",
                _ => null,
            });
        }
    }

    private void Texts(IList<string>? texts, string origin, ValueParser<string> parse)
    {
        if (texts is null)
        {
            errors.Add(origin, null, "is null; give it an empty list instead");
            return;
        }

        foreach (string? text in texts)
        {
            Report(origin, text, parse(text ?? "", out _));
        }
    }

    private void Report(string key, string? value, string? problem)
    {
        if (problem is not null)
        {
            errors.Add(key, value, problem);
        }
    }
}
