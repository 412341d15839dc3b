using Mesh.Client.Model;

namespace Mesh.Client.Limits.Rooms;

/// <summary>The room of one place as the configuration has it. A change keeps count of what is under way, and an adaptive limit what it has learned.</summary>
internal sealed class RoomTable(TimeProvider clock, Random random)
{
    private readonly Lock _renewal = new();
    private ConcurrencyPolicy? _policy;
    private Room? _room;

    /// <summary>The room that there is; <see langword="null"/> where it is not limited.</summary>
    public Room? For(ConcurrencyPolicy policy) => ReferenceEquals(Volatile.Read(ref _policy), policy) ? Volatile.Read(ref _room) : Renew(policy);

    private Room? Renew(ConcurrencyPolicy policy)
    {
        lock (_renewal)
        {
            if (_policy != policy)
            {
                bool isLimited = policy.Limit > 0 || policy.Adaptive;
                Volatile.Write(ref _room, isLimited ? new Room(policy, _room, clock, random) : null);
            }

            Volatile.Write(ref _policy, policy);
            return _room;
        }
    }
}
