using Mesh.Client.Model;

namespace Mesh.Client.Options;

/// <summary>What becomes of a call to a subset that has no endpoint, or no healthy one (Envoy's subset load balancing).</summary>
public sealed class SubsetOptions
{
    /// <summary>Where such a call goes: <c>Any</c> endpoint, the <c>Default</c> subset, or <c>None</c>, which fails it.</summary>
    /// <value>Default None.</value>
    public SubsetFallback Fallback { get; set; } = SubsetFallback.None;

    /// <summary>The labels of the default subset, for <c>Fallback</c> <c>Default</c>.</summary>
    public IDictionary<string, string> Default { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal SubsetOptions Copy()
    {
        var copy = (SubsetOptions)MemberwiseClone();
        copy.Default = new Dictionary<string, string>(Default, StringComparer.Ordinal);
        return copy;
    }
}
