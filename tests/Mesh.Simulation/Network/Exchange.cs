using System.Net;
using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Network;

/// <summary>One request over the simulated network, and its reply: on the way there, at the server, on the way back.</summary>
internal sealed class Exchange(SimulatedServer server, ServiceTimes latency, Random random) : IMoment, IServed
{
    private readonly TaskCompletionSource<HttpResponseMessage> _reply = new();
    private bool _answered;
    private CancellationTokenRegistration _cancellation;

    /// <summary>Called when it comes to the server.</summary>
    public Action? OnArrival { get; init; }

    /// <summary>Sends it.</summary>
    public Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(static (exchange, token) => ((Exchange)exchange!)._reply.TrySetCanceled(token), this);
        Travel();
        return _reply.Task;
    }

    public void Done()
    {
        _answered = true;
        Travel();
    }

    public void Happen()
    {
        if (!_answered)
        {
            OnArrival?.Invoke();
        }

        if (_answered)
        {
            _cancellation.Dispose();
            _reply.TrySetResult(new HttpResponseMessage(server.IsBroken ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
        }
        else if (server.IsGone)
        {
            _cancellation.Dispose();
            _reply.TrySetException(new HttpRequestException(HttpRequestError.ConnectionError, $"{server.Host} is gone."));
        }
        else if (server.IsBroken)
        {
            Done();
        }
        else
        {
            server.Accept(this);
        }
    }

    private void Travel() => server.Clock.After((long)latency.Draw(random), this);
}
