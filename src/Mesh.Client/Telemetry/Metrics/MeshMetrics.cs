using System.Diagnostics.Metrics;
using Mesh.Client.Model;

namespace Mesh.Client.Telemetry.Metrics;

/// <summary>
/// The figures of the mesh. Attributes are services, routes and closed lists of words, never paths or addresses, so that the number of series is bounded by the configuration. Without a
/// listener a call reads one flag.
/// </summary>
internal sealed class MeshMetrics : IDisposable
{
    // The boundaries that OpenTelemetry's conventions advise for the duration of HTTP requests.
    private static readonly InstrumentAdvice<double> s_seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    private readonly Histogram<double> _duration;
    private readonly ObservableCounter<long> _attempts;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _updates;
    private readonly ObservableCounter<long> _permits;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _refusals;
    private readonly CountTable _attemptCounts = new(TagNames.Outcome, OutcomeWords.OfAttempts);
    private readonly CountTable _permitCounts = new(TagNames.Decision, "admitted", "denied");
    private readonly CountTable _faultCounts = new(TagNames.Result, "delay", "abort", "overflow");
    private readonly CountTable _mirrorCounts = new(TagNames.Result, "sent", "failed", "dropped", "unfit");

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">Makes the meter; the application's, so that its own listeners see it.</param>
    public MeshMetrics(IMeterFactory? factory)
    {
        Meter = factory?.Create(MeshTelemetry.MeterName) ?? new Meter(MeshTelemetry.MeterName);
        _duration = Meter.CreateHistogram("mesh.client.request.duration", "s", "Time of a call until its response headers, all attempts taken together.", advice: s_seconds);
        _attempts = Meter.CreateObservableCounter("mesh.client.attempts", () => AttemptsByEndpoint?.Invoke() ?? _attemptCounts.Read(), "{attempt}", "Attempts by what became of them.");
        _rejections = Meter.CreateCounter<long>("mesh.client.rejections", "{call}", "Calls that the mesh did not send, by the reason.");
        _transitions = Meter.CreateCounter<long>("mesh.client.breaker.transitions", "{transition}", "Changes of the gates of endpoints, by the state that they came to.");
        _updates = Meter.CreateCounter<long>("mesh.client.discovery.updates", "{update}", "Answers of the sources of endpoints, by what became of them.");
        _permits = Meter.CreateObservableCounter("mesh.quota.permits", _permitCounts.Read, "{permit}", "Permits asked of rate limits, by the decision.");
        Meter.CreateObservableCounter("mesh.client.faults", _faultCounts.Read, "{fault}", "Calls that were held or failed on purpose, or spared because enough others were.");
        Meter.CreateObservableCounter("mesh.client.mirrors", _mirrorCounts.Read, "{call}", "Copies of calls by what became of them, and calls that were not copied.");
        _fallbacks = Meter.CreateCounter<long>("mesh.client.fallbacks", "{call}", "Calls that went past the subset or the lane that they were meant for.");
        _refusals = Meter.CreateCounter<long>("mesh.server.rejections", "{request}", "Requests that were refused before the application saw them, by the reason and the rule.");
    }

    public Meter Meter { get; }

    /// <summary>Whether anybody wants to know of each call.</summary>
    public bool SeesCalls => _duration.Enabled;

    /// <summary>Whether anybody wants to know of each attempt.</summary>
    public bool SeesAttempts => _attempts.Enabled;

    /// <summary>Whether anybody wants to know of each permit.</summary>
    public bool SeesPermits => _permits.Enabled;

    /// <summary>A call has its answer, or none.</summary>
    /// <param name="service">The service.</param>
    /// <param name="route">The route; <see langword="null"/> where none matched.</param>
    /// <param name="outcome">One of <see cref="OutcomeWords"/>.</param>
    /// <param name="status">The status of the response; 0 where there is none.</param>
    /// <param name="seconds">How long it took.</param>
    public void Call(string service, string? route, string outcome, int status, double seconds)
    {
        object? code = StatusCodes.Boxed(status);
        ReadOnlySpan<KeyValuePair<string, object?>> tags =
            [new(TagNames.Service, service), new(TagNames.Outcome, outcome), code is null ? new(TagNames.Route, route) : new(TagNames.StatusCode, code), new(TagNames.Route, route)];
        _duration.Record(seconds, tags[..(2 + (code is null ? 0 : 1) + (route is null ? 0 : 1))]);
    }

    /// <summary>Where the attempts of a service are counted, by <see cref="Outcome"/>. A counter with attributes of its own would cost each call half as much as the rest of its figures.</summary>
    public WordCounts AttemptsOf(string service) => _attemptCounts.Of(TagNames.Service, service);

    /// <summary>A call was not sent.</summary>
    public void Rejection(string service, MeshError reason) => _rejections.Add(1, new(TagNames.Service, service), new(TagNames.Reason, ReasonWords.Of(reason)));

    /// <summary>A gate moved.</summary>
    public void Transition(string service, string state, string reason) =>
        _transitions.Add(1, new KeyValuePair<string, object?>(TagNames.Service, service), new(TagNames.State, state), new(TagNames.Reason, reason));

    /// <summary>A source of endpoints said something.</summary>
    public void Update(string service, string source, string result) =>
        _updates.Add(1, new KeyValuePair<string, object?>(TagNames.Service, service), new(TagNames.Source, source), new(TagNames.Result, result));

    /// <summary>The attempts by endpoint.</summary>
    public EndpointCounts Endpoints { get; } = new();

    /// <summary>Reads <see cref="Endpoints"/> in place of the attempts by service; gives <see langword="null"/> where that is not asked for.</summary>
    public Func<IEnumerable<Measurement<long>>?>? AttemptsByEndpoint { get; set; }

    /// <summary>Where the permits of a rate limit are counted: 0 admitted, 1 denied.</summary>
    public WordCounts PermitsOf(string scope, string limit) => _permitCounts.Of(TagNames.Scope, scope, TagNames.Limit, limit);

    /// <summary>Where the faults of a route are counted: 0 delays, 1 aborts, 2 calls that were spared.</summary>
    public WordCounts FaultsOf(string service, string route) => _faultCounts.Of(TagNames.Service, service, TagNames.Route, route);

    /// <summary>Where the copies of a route's calls are counted: 0 sent, 1 failed, 2 dropped, 3 unfit.</summary>
    public WordCounts MirrorsOf(string service, string route) => _mirrorCounts.Of(TagNames.Service, service, TagNames.Route, route);

    /// <summary>A request of somebody else's was refused.</summary>
    public void Refusal(string reason, string rule) => _refusals.Add(1, new(TagNames.Reason, reason), new(TagNames.Rule, rule));

    /// <summary>A call went past what it was meant for.</summary>
    public void Fallback(string service, string kind) => _fallbacks.Add(1, new KeyValuePair<string, object?>(TagNames.Service, service), new(TagNames.Reason, kind));

    public void Dispose() => Meter.Dispose();

    public static string WordOf(Outcome outcome) => outcome switch
    {
        Outcome.Success => OutcomeWords.Success,
        Outcome.Failure => OutcomeWords.Failure,
        Outcome.Overloaded => OutcomeWords.Overloaded,
        _ => OutcomeWords.Ignored,
    };
}
