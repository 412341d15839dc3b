namespace Mesh.Client.Options;

/// <summary>Which requests enter a lane here: those that are in none yet. The first rule that matches decides.</summary>
public sealed class LaneRuleOptions
{
    /// <summary>The lane: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 128.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// The requests that the rule is for, as for a route. <see cref="RouteMatchOptions.Fraction"/> is the share of them that enters; <see cref="RouteMatchOptions.Lane"/> stays empty.
    /// </summary>
    public RouteMatchOptions Match { get; } = new();

    /// <summary>
    /// What decides whether a request is in the fraction, so that a user stays in or out at every hop that asks the same: <c>header:x-user-id</c>, <c>query:name</c>, <c>cookie:name</c>, <c>path</c> or
    /// <c>caller</c>. A larger fraction keeps all who are in. A request without that part is drawn, as each is where this is empty.
    /// </summary>
    public string Key { get; set; } = "";
}
