namespace Mesh.Client.Limits.Rates;

/// <summary>What is left of a limit, as the <c>RateLimit</c> header field tells it (draft-ietf-httpapi-ratelimit-headers).</summary>
/// <param name="Limit">The most permits at once.</param>
/// <param name="Remaining">How many could be taken now.</param>
/// <param name="ResetAfter">After which time all would be there again.</param>
internal readonly record struct RateStatus(long Limit, long Remaining, TimeSpan ResetAfter);
