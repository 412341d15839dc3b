namespace Mesh.Client.Limits.Quotas;

/// <summary>What the leases at hand say of a call.</summary>
internal enum QuotaVerdict
{
    Admitted,

    /// <summary>Admitted, and little is left: time for the next trip.</summary>
    AdmittedLow,

    /// <summary>The store said that nothing can be had for now.</summary>
    Denied,

    /// <summary>Nothing is at hand, and a trip may bring something.</summary>
    Pending,
}
