using System.Globalization;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks <c>Server:Lanes</c>, whoever wrote it.</summary>
internal sealed class LaneRuleCheck(OptionErrors errors)
{
    private const int MaxRules = 1000;

    private readonly MatchCheck _match = new(errors);

    public void Check(IList<LaneRuleOptions>? rules, string list)
    {
        if (rules is null || rules.Count > MaxRules)
        {
            errors.Add(list, rules?.Count.ToString(CultureInfo.InvariantCulture), rules is null ? "is null; give it an empty list instead" : $"has too many rules; at most {MaxRules} are possible");
            return;
        }

        for (int i = 0; i < rules.Count; i++)
        {
            string item = string.Create(CultureInfo.InvariantCulture, $"{list}:{i}");
            if (rules[i] is not { } rule)
            {
                errors.Add(item, null, "is null; remove it");
                continue;
            }

            if (RouteValues.Lane(rule.Name ?? "", out _) is { } problem)
            {
                errors.Add($"{item}:{nameof(rule.Name)}", rule.Name, problem);
            }

            if (!string.IsNullOrEmpty(rule.Match.Lane))
            {
                errors.Add($"{item}:{nameof(rule.Match)}:{nameof(rule.Match.Lane)}", rule.Match.Lane, "can never match: the rules are for requests that are in no lane yet; remove it");
            }

            if (!RequestPartText.TryParse(rule.Key ?? "", out _))
            {
                errors.Add($"{item}:{nameof(rule.Key)}", rule.Key, "is no part of a request; write \"header:name\", \"query:name\", \"cookie:name\", \"path\" or \"caller\", or \"\" for none");
            }

            _match.Check(rule.Match, $"{item}:{nameof(rule.Match)}:");
        }
    }
}
