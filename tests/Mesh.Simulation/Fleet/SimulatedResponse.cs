using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Simulation.Fleet;

/// <summary>A response that tells when its headers leave, as a web server's does.</summary>
internal sealed class SimulatedResponse : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Call, object State)> _starting = new();

    public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    /// <summary>The headers leave.</summary>
    public async Task StartAsync()
    {
        while (_starting.TryPop(out (Func<object, Task> Call, object State) next))
        {
            await next.Call(next.State).ConfigureAwait(false);
        }
    }
}
