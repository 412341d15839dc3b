namespace Mesh.Client.Limits.Quotas;

/// <summary>What becomes of calls while a quota's store fails and no lease is left.</summary>
internal enum QuotaFallback
{
    /// <summary>Each process admits its last known fair share of a window.</summary>
    LocalShare,

    /// <summary>All are admitted.</summary>
    Allow,

    /// <summary>None is admitted.</summary>
    Deny,
}
