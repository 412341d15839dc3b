namespace Mesh.Client.Routing;

/// <summary>One condition of a rule, in the order in which they are looked at.</summary>
internal enum RouteCondition
{
    None,
    Path,
    Method,
    Caller,
    Lane,
    Header,
    Query,
    Fraction,
}
