namespace Mesh.Client.Limits.Quotas;

/// <summary>The answer to one call.</summary>
/// <param name="IsAdmitted">Whether it may go on.</param>
/// <param name="RetryAfter">Otherwise, when to try again.</param>
internal readonly record struct QuotaDecision(bool IsAdmitted, TimeSpan RetryAfter);
