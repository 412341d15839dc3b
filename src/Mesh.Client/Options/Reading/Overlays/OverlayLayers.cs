using System.Globalization;
using Mesh.Client.Options.Checking;

namespace Mesh.Client.Options.Reading;

/// <summary>
/// Puts the overlays that count for this process over a service, and tries every one, whomever it counts for: a rule that is good for one process only would be found out when it is widened. Each
/// is tried by itself over the values of the service.
/// </summary>
/// <param name="reader">Reads what an overlay of the configuration changes.</param>
/// <param name="check">Makes the check of a service.</param>
/// <param name="local">Who this process is.</param>
/// <param name="instance">The name of this process, where <paramref name="local"/> gives it none.</param>
/// <param name="errors">Where to report.</param>
internal sealed class OverlayLayers(OverlayReader reader, Func<OptionErrors, ServiceCheck> check, LocalOptions local, string instance, OptionErrors errors)
{
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    // What is wrong with an overlay where it stands is not said again of each service that inherits it.
    private readonly Dictionary<string, HashSet<string>> _atHome = new(StringComparer.Ordinal);

    /// <summary>Whether an overlay counts for a process.</summary>
    public static bool Holds(OverlayOptions overlay, LocalOptions local, string instance) => overlay.Scope.Holds(local.Instance.Length > 0 ? local.Instance : instance, local.Labels);

    /// <summary>Checks the overlays of a service and puts those that count over it.</summary>
    /// <param name="service">The service without overlays.</param>
    /// <returns>The service with them; the same options where none counts.</returns>
    public ServiceOptions Over(OverlaidService service)
    {
        ServiceOptions plain = service.Plain;
        IList<OverlayOptions> good = Own(service);
        if (good.Count == 0)
        {
            return plain;
        }

        HashSet<string> tried = new(StringComparer.Ordinal);
        foreach (OverlayOptions overlay in good.Where(o => service.IsSound || (service.Code is null && o.Section is not null)))
        {
            Try(service, overlay, tried);
        }

        OverlayOptions[] active = [.. good.Where(o => Holds(o, local, instance))];
        if (active.Length == 0 || (!service.IsSound && service.Code is not null))
        {
            return plain;
        }

        ServiceOptions result = Build(service, active, new OptionErrors(), new OptionErrors(), service.Applied);
        if (active.Length > 1)
        {
            string names = string.Join(", ", active.Select(static o => o.Origin));
            Say(Problems(service, result, withCode: true).Where(l => !tried.Contains(l)).Select(l => $"{service.Subject} with {names}: {l}"));
        }

        return result;
    }

    // Gives those that code made their place, and checks the list where it is this service's own.
    private IList<OverlayOptions> Own(OverlaidService service)
    {
        ServiceOptions plain = service.Plain;
        if (ReferenceEquals(plain.Overlays, service.Inherited) || plain.Overlays is { Count: 0 })
        {
            return plain.Overlays;
        }

        var found = new OptionErrors();
        IList<OverlayOptions> good = new OverlayCheck(found).List(plain.Overlays, service.CodeOrigin);
        if (found.Count > 0)
        {
            Say(found.ToLines());
            plain.Overlays = good;
        }

        if (plain.Overlays.Any(static o => o.Origin.Length == 0))
        {
            plain.Overlays = [.. plain.Overlays.Select((o, i) => Placed(o, string.Create(CultureInfo.InvariantCulture, $"{service.CodeOrigin}{nameof(ServiceOptions.Overlays)}:{i}")))];
        }

        return plain.Overlays;
    }

    private static OverlayOptions Placed(OverlayOptions overlay, string origin)
    {
        if (overlay.Origin.Length > 0)
        {
            return overlay;
        }

        // The user's own object may stand in several lists.
        OverlayOptions placed = overlay.Copy();
        placed.Origin = origin;
        return placed;
    }

    private void Try(OverlaidService service, OverlayOptions overlay, HashSet<string> tried)
    {
        var ofKeys = new OptionErrors();
        var ofCode = new OptionErrors();
        ServiceOptions trial = Build(service, [overlay], ofKeys, ofCode, null);
        Say(ofKeys.ToLines(), ofSingleKeys: true);
        Say(ofCode.ToLines());

        IReadOnlyCollection<string> problems = Problems(service, trial, overlay.Section is null || service.Code is not null);
        tried.UnionWith(problems);
        string prefix = $"{overlay.Origin}:{nameof(overlay.Policy)}:";
        if (service.Inherited?.Any(o => o.Origin == overlay.Origin) != true)
        {
            _atHome[overlay.Origin] = [.. problems];
        }
        else if (_atHome.TryGetValue(overlay.Origin, out HashSet<string>? known))
        {
            problems = [.. problems.Where(p => !known.Contains(p))];
            prefix = $"{service.Subject} with {prefix}";
        }

        Say(problems.Select(p => $"{OptionErrors.Clean(prefix, 500)}{p}"));
    }

    private ServiceOptions Build(OverlaidService service, OverlayOptions[] overlays, OptionErrors ofKeys, OptionErrors ofCode, Action<OverlayOptions, ServiceOptions>? applied)
    {
        // Those of this service's code go over what the code made, all others beneath.
        bool IsOfCode(OverlayOptions overlay) => service.Code is not null && overlay.Origin.StartsWith(service.CodeOrigin, StringComparison.Ordinal);
        ServiceOptions options = service.Configured.Copy();
        foreach (OverlayOptions overlay in overlays.Where(o => !IsOfCode(o)))
        {
            Apply(overlay, options, ofKeys, ofCode);
            applied?.Invoke(overlay, options);
        }

        if (service.Code is { } code)
        {
            options.OwnLists();
            code(options, ofCode);
        }

        foreach (OverlayOptions overlay in overlays.Where(IsOfCode))
        {
            Apply(overlay, options, ofKeys, ofCode);
            applied?.Invoke(overlay, options);
        }

        options.Overlays = service.Plain.Overlays;
        return options;
    }

    private void Apply(OverlayOptions overlay, ServiceOptions options, OptionErrors ofKeys, OptionErrors ofCode)
    {
        if (overlay.Section is { } section)
        {
            reader.Read(section, options, ofKeys);
            return;
        }

        string origin = $"{overlay.Origin}:{nameof(overlay.Policy)}";
        options.OwnLists();
        options.Overlays = [];
        try
        {
            overlay.Policy!(options);
        }
        catch (Exception exception)
        {
            ofCode.Add(origin, null, $"threw {exception.GetType().Name}: {OptionErrors.Clean(exception.Message, 500)}");
        }

        if (options.Overlays is not { Count: 0 })
        {
            ofCode.Add(origin, null, $"has {nameof(options.Overlays)} of its own; add them to the service");
            options.Overlays = [];
        }
    }

    /// <summary>What is wrong with the service as it came out and is not wrong with it without overlays.</summary>
    private IReadOnlyCollection<string> Problems(OverlaidService service, ServiceOptions trial, bool withCode)
    {
        IReadOnlyList<string> with = Check(trial, service.Plain, withCode);
        return with.Count == 0 || !withCode ? with : [.. with.Except(Check(Owned(service.Plain), null, withCode), StringComparer.Ordinal)];
    }

    private IReadOnlyList<string> Check(ServiceOptions options, ServiceOptions? plain, bool withCode)
    {
        var found = new OptionErrors();
        ServiceCheck rules = check(found);
        if (withCode)
        {
            rules.Code.Service(options, "");
        }

        rules.Whole(options, plain, "");
        return found.ToLines();
    }

    private static ServiceOptions Owned(ServiceOptions options)
    {
        ServiceOptions copy = options.Copy();
        copy.OwnLists();
        return copy;
    }

    private void Say(IEnumerable<string> lines, bool ofSingleKeys = false)
    {
        foreach (string line in lines)
        {
            if (_said.Add(line))
            {
                errors.Take(line, ofSingleKeys);
            }
        }
    }
}
