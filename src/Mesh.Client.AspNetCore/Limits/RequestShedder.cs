using Mesh.Client.Model;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>How many requests may be under way at once, as <c>Server:Concurrency</c> has it in force. A change keeps count of what is under way, and an adaptive limit what it has learned.</summary>
internal sealed class RequestShedder(TimeProvider clock, Random random)
{
    private readonly Lock _renewal = new();
    private ConcurrencyPolicy? _policy;
    private RequestRoom? _room;

    /// <summary>The room that there is; <see langword="null"/> where it is not limited.</summary>
    public RequestRoom? For(ConcurrencyPolicy policy) => ReferenceEquals(Volatile.Read(ref _policy), policy) ? Volatile.Read(ref _room) : Renew(policy);

    private RequestRoom? Renew(ConcurrencyPolicy policy)
    {
        lock (_renewal)
        {
            if (_policy != policy)
            {
                bool isLimited = policy.Limit > 0 || policy.Adaptive;
                Volatile.Write(ref _room, isLimited ? new RequestRoom(policy, _room, clock, random) : null);
            }

            Volatile.Write(ref _policy, policy);
            return _room;
        }
    }
}
