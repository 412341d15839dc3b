using Mesh.Client.Health;

namespace Mesh.Client.Tests.Health;

/// <summary>Lets a test look at a breaker in the moment before the gate's new state is seen.</summary>
internal sealed class WatchedGate : IGate
{
    private BreakerState _state;

    public Action? Changing { get; set; }

    public BreakerState State
    {
        get => _state;
        set
        {
            Changing?.Invoke();
            _state = value;
        }
    }
}
