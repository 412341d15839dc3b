using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>One part of a split: a subset of the endpoints of a service, and its share.</summary>
public sealed class SplitOptions
{
    /// <summary>The service; empty is the one that the route belongs to. Its routes do not count, its breakers and its budget do.</summary>
    public string Service { get; set; } = "";

    /// <summary>The labels that the endpoints must have, all of them; empty is all endpoints.</summary>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Its share of the calls, against the weights of the others. 0 is none.</summary>
    /// <value>Default 1; from 0 to 1000000.</value>
    [Range(0, 1_000_000)]
    public int Weight { get; set; } = 1;

    internal SplitOptions Copy()
    {
        var copy = (SplitOptions)MemberwiseClone();
        copy.Labels = new Dictionary<string, string>(Labels, StringComparer.Ordinal);
        return copy;
    }
}
