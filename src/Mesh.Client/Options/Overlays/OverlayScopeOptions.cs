namespace Mesh.Client.Options;

/// <summary>The processes that an overlay counts for: its section <c>Scope</c>. At least one of the two must be given; where both are, both must hold.</summary>
public sealed class OverlayScopeOptions
{
    /// <summary>The instances: <c>Local:Instance</c> of a process must be one of these, to the letter; empty is any.</summary>
    public IList<string> Instances { get; set; } = [];

    /// <summary>The labels: <c>Local:Labels</c> of a process must have all of these with these values, to the letter; empty is any.</summary>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it is one process.</summary>
    /// <param name="instance">The name of the process.</param>
    /// <param name="labels">What it is known by.</param>
    internal bool Holds(string instance, IDictionary<string, string> labels) =>
        (Instances.Count > 0 || Labels.Count > 0)
        && (Instances.Count == 0 || Instances.Contains(instance, StringComparer.Ordinal))
        && Labels.All(l => labels.TryGetValue(l.Key, out string? value) && string.Equals(value, l.Value, StringComparison.Ordinal));

    internal OverlayScopeOptions Copy()
    {
        var copy = (OverlayScopeOptions)MemberwiseClone();
        copy.Instances = Instances is null ? null! : [.. Instances];
        copy.Labels = Labels is null ? null! : new Dictionary<string, string>(Labels, StringComparer.Ordinal);
        return copy;
    }
}
