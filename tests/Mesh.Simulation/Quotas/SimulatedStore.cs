using Mesh.Client.Limits.Quotas;
using Mesh.Client.Tests.Limits.Quotas;
using Mesh.Simulation.Network;
using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Quotas;

/// <summary>
/// A store on virtual time and behind a network. It stands in for Redis, whose clock nobody can move, by the model of take.lua that a test compares with a real Redis.
/// </summary>
internal sealed class SimulatedStore(World world, ServiceTimes latency, Random random) : IQuotaStore
{
    private readonly ModelStore _script = new(() => world.Clock.Now / TimeSpan.TicksPerMicrosecond);

    /// <summary>Trips so far.</summary>
    public long Trips { get; private set; }

    public async ValueTask<QuotaGrant> TakeAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromTicks((long)latency.Draw(random)), world.Clock, cancellationToken).ConfigureAwait(false);
        Trips++;
        QuotaGrant grant = _script.Take(request);
        await Task.Delay(TimeSpan.FromTicks((long)latency.Draw(random)), world.Clock, cancellationToken).ConfigureAwait(false);
        return grant;
    }
}
