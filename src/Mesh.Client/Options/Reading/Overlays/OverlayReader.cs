using Mesh.Client.Options.Tree;

namespace Mesh.Client.Options.Reading;

/// <summary>Reads <c>Overlays</c>: a line for each key. What an overlay changes is read over each service that it may count for.</summary>
/// <param name="service">Reads the keys that an overlay may have: those of a service but <c>Overlays</c>.</param>
internal sealed class OverlayReader(Action<SectionReader, ServiceOptions> service)
{
    public OverlayOptions Overlay(SectionReader section)
    {
        var overlay = new OverlayOptions { Origin = section.Node.Path };
        overlay.Name = section.Text(nameof(overlay.Name), overlay.Name);
        section.Section(nameof(overlay.Scope), overlay.Scope, Scope);
        section.Known(nameof(overlay.Policy));
        if (section.Node.Child(nameof(overlay.Policy)) is { } policy)
        {
            overlay.Read(policy, options => Read(policy, options, new OptionErrors()));
        }

        return overlay;
    }

    /// <summary>Reads what an overlay changes over options.</summary>
    public void Read(ConfigNode policy, ServiceOptions options, OptionErrors errors) => SectionReader.Read(policy, options, service, errors);

    private static void Scope(SectionReader section, OverlayScopeOptions scope)
    {
        scope.Instances = section.List(nameof(scope.Instances), scope.Instances, ValueParsers.Text!);
        scope.Labels = section.Pairs(nameof(scope.Labels));
    }
}
