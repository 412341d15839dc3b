using System.ComponentModel.DataAnnotations;
using Mesh.Client.Matching;

namespace Mesh.Client.Options;

/// <summary>Which calls a rule is for: every condition that is named must hold, and within a list any of its values. Fields mean what they do in Envoy's <c>RouteMatch</c>.</summary>
public sealed class RouteMatchOptions
{
    /// <summary>
    /// A pattern of the path, without the query and decoded: <c>*</c> is any characters of one segment, <c>**</c> any number of segments, none included; a slash at the end makes no
    /// difference. For gRPC it is <c>/package.Service/Method</c>.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>The whole path, to the letter and as it is sent (Envoy's <c>path</c>).</summary>
    public string Exact { get; set; } = "";

    /// <summary>The beginning of the path, to the letter and as it is sent (Envoy's <c>prefix</c>): <c>/v2</c> is the beginning of <c>/v2x</c> too.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>A regular expression for the whole path as it is sent, without backtracking: no look-around, no back references (Envoy's <c>safe_regex</c>).</summary>
    public string PathRegex { get; set; } = "";

    /// <summary>Whether upper and lower case of the path are the same, but for <see cref="PathRegex"/>.</summary>
    /// <value>Default false.</value>
    public bool IgnoreCase { get; set; }

    /// <summary>The methods; empty is any.</summary>
    public IList<string> Methods { get; set; } = [];

    /// <summary>Headers by name. Lines of one name count as one value, joined by commas.</summary>
    public IDictionary<string, ValueMatchOptions> Headers { get; set; } = new Dictionary<string, ValueMatchOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values of the query by name, decoded; of several of one name the first.</summary>
    public IDictionary<string, ValueMatchOptions> Query { get; set; } = new Dictionary<string, ValueMatchOptions>(StringComparer.Ordinal);

    /// <summary>The services that call; empty is any. Of a call that leaves this process it is <c>Local:Service</c>.</summary>
    public IList<string> Callers { get; set; } = [];

    /// <summary>The lane that the call travels in; <c>*</c> is any lane, empty with or without one.</summary>
    public string Lane { get; set; } = "";

    /// <summary>The share of the calls that it is for, drawn for each call; the others go on to the next route (Envoy's <c>runtime_fraction</c>).</summary>
    /// <value>Default 1; from 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double Fraction { get; set; } = 1;

    internal PatternSlot PathPattern { get; } = new(whole: true);

    internal RouteMatchOptions Copy()
    {
        var copy = (RouteMatchOptions)MemberwiseClone();
        copy.Methods = [.. Methods];
        copy.Callers = [.. Callers];
        copy.Headers = Headers.ToDictionary(static h => h.Key, static h => h.Value.Copy(), StringComparer.OrdinalIgnoreCase);
        copy.Query = Query.ToDictionary(static q => q.Key, static q => q.Value.Copy(), StringComparer.Ordinal);
        return copy;
    }
}
