namespace Mesh.Client.Limits.Quotas;

/// <summary>What this process holds of the fleet's store, made when a limit first asks for it.</summary>
/// <param name="store">Gives the store; <see langword="null"/> where none was added.</param>
/// <param name="clock">The clock.</param>
/// <param name="random">The randomness.</param>
internal sealed class FleetQuotas(Func<IQuotaStore?> store, TimeProvider clock, Random random) : IDisposable
{
    private readonly Lazy<QuotaKeeper?> _keeper = new(() => store() is { } added ? new QuotaKeeper(added, clock, random) : null);

    public QuotaKeeper? Keeper => _keeper.Value;

    /// <summary>Makes the store now, which connects in the background, so that the first call finds it there.</summary>
    public void Connect() => _ = _keeper.Value;

    public void Dispose()
    {
        if (_keeper.IsValueCreated)
        {
            _keeper.Value?.Dispose();
        }
    }
}
