using System.Net;

namespace Mesh.Client.Testing;

/// <summary>
/// An endpoint without a server. A test scripts what its next calls meet and looks afterwards at what arrived. Safe for use by many threads;
/// a script is best written before the calls that it is for.
/// </summary>
/// <remarks>
/// Each verb (<see cref="Reply(HttpStatusCode)"/>, <see cref="RefuseConnection"/>, <see cref="Reset"/>, <see cref="Hang"/>) adds one step for one call.
/// <see cref="Delay"/> stands before the verb that it delays; <see cref="Times"/> and <see cref="Always"/> stand after the verb that they repeat. A
/// call takes the next step when it arrives, parallel calls one each. Once the steps are used up, calls meet what <see cref="Always"/> said, and
/// without it <c>200 OK</c> with an empty body.
/// <code>
/// transport["10.0.0.1:80"].RefuseConnection().Times(2).Delay(TimeSpan.FromSeconds(1)).Reply(HttpStatusCode.OK).Always();
/// </code>
/// As a server does, the endpoint reads the request's body to its end before it delays, replies, resets or hangs; a refused connection leaves it unread.
/// </remarks>
public sealed class ScriptedEndpoint
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(uint.MaxValue - 1L);

    private readonly Lock _gate = new();
    private readonly List<ScriptedStep> _script = [];
    private readonly List<ScriptedRequest> _requests = [];
    private readonly TimeProvider _timeProvider;
    private ScriptedStep? _last;
    private ScriptedAct _afterwards = ScriptedAct.Default;
    private int _inFlight;
    private int _maxInFlight;

    internal ScriptedEndpoint(string authority, TimeProvider timeProvider)
    {
        Authority = authority;
        _timeProvider = timeProvider;
    }

    /// <summary>The address, such as <c>10.0.0.1:80</c>.</summary>
    public string Authority { get; }

    /// <summary>How many calls have arrived, refused connections included. A call whose token was cancelled before it was sent does not arrive.</summary>
    public int Calls
    {
        get
        {
            lock (_gate)
            {
                return _requests.Count;
            }
        }
    }

    /// <summary>What has arrived, in its order: a copy of the list as it is now.</summary>
    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>How many calls have arrived and have neither got their response nor failed.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _inFlight;
            }
        }
    }

    /// <summary>The most calls that were in flight at one time.</summary>
    public int MaxInFlight
    {
        get
        {
            lock (_gate)
            {
                return _maxInFlight;
            }
        }
    }

    /// <summary>The next call gets a response with an empty body.</summary>
    /// <param name="status">The response's status.</param>
    /// <returns>The endpoint.</returns>
    public ScriptedEndpoint Reply(HttpStatusCode status) => Add(ScriptedVerb.Reply, ScriptedAct.Status(status));

    /// <summary>The next call gets a response made for it.</summary>
    /// <param name="respond">
    /// Makes a new response for each call, on the call's thread. What it throws, the call throws. The request's body was read already and is best
    /// taken from <see cref="ScriptedRequest.Body"/>.
    /// </param>
    /// <returns>The endpoint.</returns>
    public ScriptedEndpoint Reply(Func<HttpRequestMessage, HttpResponseMessage> respond)
    {
        ArgumentNullException.ThrowIfNull(respond);
        return Add(ScriptedVerb.Reply, respond);
    }

    /// <summary>
    /// The next call finds nobody listening and fails as with <see cref="SocketsHttpHandler"/>: an <see cref="HttpRequestException"/> with
    /// <see cref="HttpRequestError.ConnectionError"/> around a <see cref="System.Net.Sockets.SocketException"/>. Nothing was sent.
    /// </summary>
    /// <returns>The endpoint.</returns>
    public ScriptedEndpoint RefuseConnection() => Add(ScriptedVerb.RefuseConnection);

    /// <summary>
    /// The next call is sent, and its connection reset before the response: an <see cref="HttpRequestException"/> with
    /// <see cref="HttpRequestError.Unknown"/> around an <see cref="IOException"/> around a <see cref="System.Net.Sockets.SocketException"/>.
    /// </summary>
    /// <returns>The endpoint.</returns>
    public ScriptedEndpoint Reset() => Add(ScriptedVerb.Reset);

    /// <summary>The next call is sent and never answered: it ends when its token is cancelled.</summary>
    /// <returns>The endpoint.</returns>
    public ScriptedEndpoint Hang() => Add(ScriptedVerb.Hang);

    /// <summary>Delays the step that the next verb adds; a call that arrives before there is one gets its <c>200 OK</c> after the delay.</summary>
    /// <param name="delay">On the clock of the transport, from zero to 4 294 967 294 ms. Two delays add up.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The delay is out of range.</exception>
    public ScriptedEndpoint Delay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, LongestDelay);
        lock (_gate)
        {
            if (_last is { IsOpen: true } open)
            {
                TimeSpan sum = open.Act.Delay + delay;
                ArgumentOutOfRangeException.ThrowIfGreaterThan(sum, LongestDelay, nameof(delay));
                open.Act = open.Act with { Delay = sum };
            }
            else
            {
                Append_NeedsLock(new ScriptedStep(ScriptedAct.Default with { Delay = delay }) { IsOpen = true });
            }

            return this;
        }
    }

    /// <summary>Gives the last step to so many calls instead of one.</summary>
    /// <param name="count">The number of calls, at least 1.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">No step stands before it.</exception>
    public ScriptedEndpoint Times(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (_gate)
        {
            ScriptedStep step = Last_NeedsLock(nameof(Times));
            step.IsOpen = false;
            step.Count = count;
            if (step.Used < count && !_script.Contains(step))
            {
                _script.Add(step);
            }
            else if (step.Used >= count)
            {
                _script.Remove(step);
            }

            return this;
        }
    }

    /// <summary>Makes the last step what all calls meet after the rest of the script, in place of an earlier <see cref="Always"/>.</summary>
    /// <returns>The endpoint.</returns>
    /// <exception cref="InvalidOperationException">No step stands before it.</exception>
    public ScriptedEndpoint Always()
    {
        lock (_gate)
        {
            ScriptedStep step = Last_NeedsLock(nameof(Always));
            _script.Remove(step);
            _last = null;
            _afterwards = step.Act;
            return this;
        }
    }

    /// <summary>Forgets what is left of the script and what <see cref="Always"/> said. Calls that hang go on hanging, and the records stay.</summary>
    /// <returns>The endpoint.</returns>
    public ScriptedEndpoint Clear()
    {
        lock (_gate)
        {
            _script.Clear();
            _last = null;
            _afterwards = ScriptedAct.Default;
            return this;
        }
    }

    /// <summary>Records a call that arrives and takes its step; <see cref="Leave"/> must follow.</summary>
    internal ScriptedAct Enter(HttpRequestMessage request, out ScriptedRequest record)
    {
        record = new ScriptedRequest(request, _timeProvider.GetUtcNow());
        lock (_gate)
        {
            _requests.Add(record);
            _inFlight++;
            _maxInFlight = Math.Max(_maxInFlight, _inFlight);
            return Take_NeedsLock();
        }
    }

    /// <summary>Notes that a call has ended.</summary>
    internal void Leave()
    {
        lock (_gate)
        {
            _inFlight--;
        }
    }

    private ScriptedEndpoint Add(ScriptedVerb verb, Func<HttpRequestMessage, HttpResponseMessage>? respond = null)
    {
        lock (_gate)
        {
            ScriptedAct act = new(verb, TimeSpan.Zero, respond ?? ScriptedAct.Default.Respond);
            if (_last is { IsOpen: true } open)
            {
                open.Act = act with { Delay = open.Act.Delay };
                open.IsOpen = false;
            }
            else
            {
                Append_NeedsLock(new ScriptedStep(act));
            }

            return this;
        }
    }

    private void Append_NeedsLock(ScriptedStep step)
    {
        _script.Add(step);
        _last = step;
    }

    private ScriptedStep Last_NeedsLock(string verb) => _last ?? throw new InvalidOperationException(
        $"{verb}() of the scripted endpoint {Authority} has no step before it. Write what happens first, as in Reply(HttpStatusCode.OK).{verb}(…).");

    private ScriptedAct Take_NeedsLock()
    {
        if (_script.Count == 0)
        {
            return _afterwards;
        }

        ScriptedStep step = _script[0];
        step.IsOpen = false;
        step.Used++;
        if (step.Used >= step.Count)
        {
            _script.RemoveAt(0);
        }

        return step.Act;
    }
}
