using Mesh.Client.Model;
using Mesh.Client.Services;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Pipeline.Mirrors;

/// <summary>One copy of a call: it waits for its body, and goes out on a thread of its own or not at all.</summary>
/// <param name="mirror">Sends it.</param>
/// <param name="count">Where it has a place, which it gives back at its end.</param>
/// <param name="body">What of the body has been copied.</param>
internal sealed class MirrorCopy(CallMirror mirror, MirrorCount count, MirrorBody body) : IThreadPoolWorkItem
{
    private int _state;

    /// <summary>The copy, but for its body.</summary>
    public required HttpRequestMessage Request { get; init; }

    /// <summary>The type of the body and its other headers, but for its length; empty where there is no body.</summary>
    public required KeyValuePair<string, string>[] BodyHeaders { get; init; }

    /// <summary>Whether its body comes while the call is sent.</summary>
    public bool AwaitsBody { get; set; }

    public required bool HasBody { get; init; }

    /// <summary>The service that is called, over whose kind of transport the copy goes too.</summary>
    public required MeshService From { get; init; }

    /// <summary>Its state, whose version of the configuration the copy goes by.</summary>
    public required ServiceSnapshot FromState { get; init; }

    public required MirrorPolicy Policy { get; init; }

    /// <summary>The route as it is for copies.</summary>
    public required RoutePolicy Route { get; init; }

    public required string? Lane { get; init; }

    public required MirrorTrace Trace { get; init; }

    public MirrorBody Body => body;

    /// <summary>The body is about to be sent.</summary>
    /// <returns>Whether it is to be copied on the way.</returns>
    public bool TryBeginBody() => Move(State.Waiting, State.Copying);

    /// <summary>The body was sent, or broke off.</summary>
    public void EndBody(bool isWhole)
    {
        if (isWhole && body.IsWhole)
        {
            Go(State.Copying);
        }
        else if (Move(State.Copying, State.Over))
        {
            count.GiveUp();
        }
    }

    /// <summary>Sends it, where its body is already here.</summary>
    public void Go()
    {
        if (!AwaitsBody)
        {
            Go(State.Waiting);
        }
    }

    /// <summary>The copy with its body.</summary>
    public HttpRequestMessage Complete()
    {
        if (HasBody)
        {
            var content = new ReadOnlyMemoryContent(body.Bytes);
            foreach ((string name, string value) in BodyHeaders)
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }

            Request.Content = content;
        }

        return Request;
    }

    /// <summary>Gives it up, where its body was never asked for. One that is being sent may go on after the answer.</summary>
    public void GiveUp()
    {
        if (Move(State.Waiting, State.Over))
        {
            count.GiveUp();
        }
    }

    /// <summary>It came to its end.</summary>
    public void End(bool wasAnswered)
    {
        Request.Dispose();
        count.Leave(wasAnswered);
    }

    void IThreadPoolWorkItem.Execute() => _ = mirror.SendAsync(this);

    // The work of others begins on no thread that a call waits for, and with nothing of that call's ambient state.
    private void Go(State from)
    {
        if (Move(from, State.Sent))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private bool Move(State from, State to) => Interlocked.CompareExchange(ref _state, (int)to, (int)from) == (int)from;

    private enum State
    {
        Waiting,
        Copying,
        Sent,
        Over,
    }
}
