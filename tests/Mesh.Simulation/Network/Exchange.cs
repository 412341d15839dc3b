using System.Net;
using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Network;

/// <summary>One request over the simulated network, and its reply: on the way there, at the site, on the way back.</summary>
internal sealed class Exchange(HttpRequestMessage? request, Site site, ServiceTimes latency, Random random) : IMoment, IServed
{
    private readonly TaskCompletionSource<HttpResponseMessage> _reply = new();
    private readonly CancellationTokenSource? _broken = request is null ? null : new();
    private HttpResponseMessage? _answer;
    private CancellationTokenRegistration _cancellation;

    public HttpRequestMessage? Request => request;

    /// <summary>Cancelled when the caller has given up.</summary>
    public CancellationToken Aborted => _broken?.Token ?? CancellationToken.None;

    /// <summary>Called when it comes to the site.</summary>
    public Action? OnArrival { get; init; }

    /// <summary>Sends it.</summary>
    public Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(static (exchange, token) => ((Exchange)exchange!).GiveUp(token), this);
        Travel();
        return _reply.Task;
    }

    /// <summary>The site answers.</summary>
    public HttpResponseMessage Answer(int status)
    {
        _answer = new HttpResponseMessage((HttpStatusCode)status);
        Travel();
        return _answer;
    }

    bool IServed.IsGivenUp => _reply.Task.IsCanceled;

    void IServed.Done() => Answer(200);

    void IMoment.Happen()
    {
        if (_answer is not null)
        {
            _cancellation.Dispose();
            _reply.TrySetResult(_answer);
        }
        else if (site.IsGone)
        {
            _cancellation.Dispose();
            _reply.TrySetException(new HttpRequestException(HttpRequestError.ConnectionError, $"{site.Host} is gone."));
        }
        else
        {
            OnArrival?.Invoke();
            site.Accept(this);
        }
    }

    private void GiveUp(CancellationToken token)
    {
        _reply.TrySetCanceled(token);
        _broken?.Cancel();
    }

    private void Travel() => site.Clock.After((long)latency.Draw(random), this);
}
