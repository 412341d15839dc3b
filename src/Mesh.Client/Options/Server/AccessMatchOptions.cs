namespace Mesh.Client.Options;

/// <summary>Which requests an access rule is for: every part that is named must match, and within a part any of its values. Without parts it is for all.</summary>
public sealed class AccessMatchOptions
{
    /// <summary>Where the client is: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c> or single addresses.</summary>
    public IList<string> Networks { get; set; } = [];

    /// <summary>The services that call, as <c>x-mesh-caller</c> from a trusted network says.</summary>
    public IList<string> Callers { get; set; } = [];

    /// <summary>The methods of the request, compared without regard to case, as routing does.</summary>
    public IList<string> Methods { get; set; } = [];

    /// <summary>
    /// Patterns of its path, compared without regard to case, as routing does: <c>*</c> is any characters of one segment, <c>**</c> any number of segments, none included.
    /// </summary>
    public IList<string> Paths { get; set; } = [];

    /// <summary>Headers that it must all have: exact values, <c>v2*</c> for what begins so, <c>*</c> for any value.</summary>
    public IDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
