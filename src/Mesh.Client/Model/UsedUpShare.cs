namespace Mesh.Client.Model;

/// <summary>
/// The mark on a refusal that says that the share of whoever calls is used up, or the whole fleet's: another instance has no more of it, and this one has room for others. It is that of
/// Envoy's rate limit filter (its documentation, "HTTP header manipulation").
/// </summary>
internal static class UsedUpShare
{
    public const string Header = "x-envoy-ratelimited";

    /// <summary>Whether a refusal says so.</summary>
    public static bool IsToldBy(HttpResponseMessage response) => response.Headers.NonValidated.Contains(Header);
}
