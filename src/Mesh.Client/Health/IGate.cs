namespace Mesh.Client.Health;

/// <summary>
/// Where a breaker publishes its state, next to the in-flight count of its endpoint, so that a pick touches one cache line for each
/// candidate. Set under the breaker's lock: an implementation only stores the value.
/// </summary>
internal interface IGate
{
    BreakerState State { set; }
}
