using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>What the rest of the application sees of the life cycle: whether the instance drains, and how it stands.</summary>
internal sealed class InstanceState
{
    private volatile bool _isDraining;
    private volatile Standing _standing = new(HealthStatus.Degraded, "not registered yet: the application starts");
    private ImmutableArray<InstanceKeeper> _keepers = [];

    /// <summary>Read by each request.</summary>
    public bool IsDraining => _isDraining;

    public Standing Standing
    {
        get
        {
            if (_isDraining)
            {
                return new Standing(HealthStatus.Unhealthy, "draining: the application stops");
            }

            ImmutableArray<InstanceKeeper> keepers = ImmutableInterlocked.InterlockedCompareExchange(ref _keepers, default, default);
            return keepers.IsEmpty ? _standing : keepers.Select(static k => k.Standing).MinBy(static s => s.Status)!;
        }
    }

    public void Say(HealthStatus status, string text) => _standing = new Standing(status, text);

    public void Say(ImmutableArray<InstanceKeeper> keepers) => ImmutableInterlocked.InterlockedExchange(ref _keepers, keepers);

    public void Drain() => _isDraining = true;
}
