using Mesh.Client.Options.Tree;

namespace Mesh.Client.Options;

/// <summary>
/// Values of a service that count only for some processes: an entry of <c>Overlays</c>. Where its scope is this process, they go over the service's own; single values one by one, lists
/// whole. Everywhere else they are checked just the same.
/// </summary>
public sealed class OverlayOptions
{
    private Action<ServiceOptions>? _policy;

    /// <summary>What logs and <c>IMeshStatus</c> call it. Without a name, its number in the list. No two may have the same.</summary>
    public string Name { get; set; } = "";

    /// <summary>The processes that it counts for.</summary>
    public OverlayScopeOptions Scope { get; private set; } = new();

    /// <summary>What it changes: in the configuration any part of a service but <c>Overlays</c>, in code anything but those. Code sees the values of the service and replaces what it wants.</summary>
    public Action<ServiceOptions>? Policy
    {
        get => _policy;
        set
        {
            _policy = value;
            Section = null;
        }
    }

    /// <summary>Where it stands, such as <c>Mesh:Services:orders:Overlays:0</c>; empty until it has its place.</summary>
    internal string Origin { get; set; } = "";

    /// <summary>The section that <see cref="Policy"/> reads; <see langword="null"/> where it is code.</summary>
    internal ConfigNode? Section { get; private set; }

    /// <summary>Takes a section of the configuration as the policy.</summary>
    internal void Read(ConfigNode section, Action<ServiceOptions> policy)
    {
        _policy = policy;
        Section = section;
    }

    internal OverlayOptions Copy()
    {
        var copy = (OverlayOptions)MemberwiseClone();
        copy.Scope = Scope.Copy();
        return copy;
    }
}
