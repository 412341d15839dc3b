using Mesh.Client.Matching;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Access;

/// <summary>The path of a request as access rules see it.</summary>
/// <param name="Seen">As the application sees it.</param>
/// <param name="Normal">In its normal form, which is the same object for nearly every request.</param>
internal readonly record struct RequestPath(string Seen, string Normal)
{
    /// <summary>Reads it.</summary>
    /// <returns>Whether it has a normal form.</returns>
    public static bool TryRead(HttpRequest request, out RequestPath path)
    {
        string seen = request.PathBase.HasValue ? request.PathBase.Value + request.Path.Value : request.Path.Value ?? "";
        bool isSound = NormalPath.TryMake(seen, out string normal);
        path = new RequestPath(seen.Length == 0 ? "/" : seen, normal);
        return isSound;
    }

    /// <summary>
    /// Whether a rule is for this path. Where the two forms differ, somebody may see the one and somebody the other: a rule that denies is for either, one that allows only
    /// for both.
    /// </summary>
    public bool Matches(ReadOnlySpan<PathPattern> patterns, bool allows)
    {
        bool normal = MatchesAny(patterns, Normal);
        return normal != allows || ReferenceEquals(Seen, Normal) ? normal : MatchesAny(patterns, Seen);
    }

    private static bool MatchesAny(ReadOnlySpan<PathPattern> patterns, string path)
    {
        foreach (PathPattern pattern in patterns)
        {
            if (pattern.Matches(path))
            {
                return true;
            }
        }

        return false;
    }
}
