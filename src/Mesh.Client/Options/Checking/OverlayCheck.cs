using System.Globalization;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks a list of <c>Overlays</c>, whoever wrote it, but for what they change.</summary>
internal sealed class OverlayCheck(OptionErrors errors)
{
    private const int MaxOverlays = 100;
    private const int MaxName = 100;

    /// <summary>Reports what is wrong.</summary>
    /// <returns>Those that can be read further.</returns>
    public IList<OverlayOptions> List(IList<OverlayOptions>? overlays, string origin)
    {
        string list = $"{origin}{nameof(ServiceOptions.Overlays)}";
        if (overlays is null || overlays.Count > MaxOverlays)
        {
            errors.Add(list, overlays?.Count.ToString(CultureInfo.InvariantCulture), overlays is null ? "is null; give it an empty list instead" : $"has too many overlays; at most {MaxOverlays} are possible");
            return [];
        }

        List<OverlayOptions> good = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < overlays.Count; i++)
        {
            string item = string.Create(CultureInfo.InvariantCulture, $"{list}:{i}");
            if (overlays[i] is not { } overlay)
            {
                errors.Add(item, null, "is null; remove it");
                continue;
            }

            item = overlay.Origin.Length > 0 ? overlay.Origin : item;
            if (overlay.Name is { Length: > 0 } name && (name.Length > MaxName || name.Any(char.IsControl) || !names.Add(name)))
            {
                errors.Add($"{item}:{nameof(overlay.Name)}", name, $"is in the list twice or longer than {MaxName} characters; give each overlay a name of its own");
            }

            bool isScoped = Scope(overlay.Scope, $"{item}:{nameof(overlay.Scope)}");
            if (overlay.Policy is null)
            {
                errors.Add($"{item}:{nameof(overlay.Policy)}", null, "must be given: what of the service it changes, such as { \"Timeout\": \"00:00:05\" }");
            }
            else if (isScoped)
            {
                good.Add(overlay);
            }
        }

        return good;
    }

    private bool Scope(OverlayScopeOptions scope, string key)
    {
        if (scope.Instances is null || scope.Labels is null || scope.Labels.Any(static l => l.Value is null))
        {
            errors.Add(key, null, "is null or has a null in it; leave empty what does not matter");
            return false;
        }

        if (scope.Instances.Count == 0 && scope.Labels.Count == 0)
        {
            errors.Add(key, null, "must name Instances or Labels; what counts for every process belongs into the service itself");
        }

        for (int i = 0; i < scope.Instances.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(scope.Instances[i]))
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key}:{nameof(scope.Instances)}:{i}"), null, "is empty; write the Local:Instance of a process");
            }
        }

        return true;
    }
}
