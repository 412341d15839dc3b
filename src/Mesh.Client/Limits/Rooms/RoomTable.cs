using Mesh.Client.Model;

namespace Mesh.Client.Limits.Rooms;

/// <summary>The room of one place as the configuration has it. A change keeps count of what is under way, and an adaptive limit what it has learned.</summary>
/// <typeparam name="TRoom">The room as its place sees it.</typeparam>
/// <param name="create">Makes a room of a policy and the room before.</param>
internal sealed class RoomTable<TRoom>(Func<ConcurrencyPolicy, TRoom?, TRoom> create)
    where TRoom : class
{
    private readonly Lock _renewal = new();
    private ConcurrencyPolicy? _policy;
    private TRoom? _room;

    /// <summary>The room that was asked for last; <see langword="null"/> where it is not limited.</summary>
    public TRoom? Current => Volatile.Read(ref _room);

    /// <summary>The room that there is; <see langword="null"/> where it is not limited.</summary>
    public TRoom? For(ConcurrencyPolicy policy) => ReferenceEquals(Volatile.Read(ref _policy), policy) ? Volatile.Read(ref _room) : Renew(policy);

    private TRoom? Renew(ConcurrencyPolicy policy)
    {
        lock (_renewal)
        {
            if (_policy != policy)
            {
                bool isLimited = policy.Limit > 0 || policy.Adaptive;
                Volatile.Write(ref _room, isLimited ? create(policy, _room) : null);
            }

            Volatile.Write(ref _policy, policy);
            return _room;
        }
    }
}
