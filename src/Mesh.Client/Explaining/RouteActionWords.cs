using System.Collections.Immutable;
using System.Globalization;
using Mesh.Client.Model;

namespace Mesh.Client.Explaining;

/// <summary>Says in words what a route does to a call. Values of headers are left out: they may be secret.</summary>
internal static class RouteActionWords
{
    public static ImmutableArray<string> Of(RouteActions? actions, string service)
    {
        if (actions is null)
        {
            return [];
        }

        List<string> words = [];
        Edits(actions.RequestHeaders, "request");
        Edits(actions.ResponseHeaders, "response");
        if (actions.Path is not null)
        {
            words.Add("rewrites the path");
        }

        if (actions.Host is { } host)
        {
            words.Add($"sends the host {host}");
        }

        if (actions.Redirect is { } redirect)
        {
            words.Add($"redirects with {redirect.Status.ToString(CultureInfo.InvariantCulture)}");
        }

        if (actions.Mirror is { Percent: > 0 } mirror)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"mirrors {mirror.Percent} of a hundred calls to {mirror.Service ?? service}{(mirror.Labels.Count > 0 ? $" with {mirror.Labels}" : "")}"));
        }

        if (actions.Fault is { } fault)
        {
            Fault(fault);
        }

        return [.. words];

        void Edits(HeaderEdits? edits, string message)
        {
            if (edits is not null)
            {
                IEnumerable<string> parts = Part("removes", edits.Remove.Items).Concat(Part("sets", edits.Set.Items.Select(static h => h.Name))).Concat(Part("adds", edits.Add.Items.Select(static h => h.Name)));
                words.Add($"{string.Join(", ", parts)} in the {message}'s headers");
            }
        }

        static IEnumerable<string> Part(string verb, IEnumerable<string> names) => names.Any() ? [$"{verb} {string.Join(" and ", names)}"] : [];

        void Fault(FaultPolicy fault)
        {
            if (fault.FromHeaders)
            {
                words.Add("does what the request's x-envoy-fault headers say");
                return;
            }

            if (fault is { DelayPercent: > 0, Delay.Ticks: > 0 })
            {
                words.Add(string.Create(CultureInfo.InvariantCulture, $"delays {fault.DelayPercent} of a hundred calls by {fault.Delay:c}"));
            }

            if (fault.AbortPercent > 0)
            {
                words.Add(string.Create(CultureInfo.InvariantCulture, $"fails {fault.AbortPercent} of a hundred calls with {fault.AbortStatus}"));
            }
        }
    }
}
