namespace Mesh.Client.Model;

/// <summary>How a value is compared, as in Envoy's <c>HeaderMatcher</c>.</summary>
internal enum ValueConditionKind
{
    Exact,
    Prefix,
    Suffix,
    Contains,
    Regex,
    Present,
    Absent,
    Range,
}
