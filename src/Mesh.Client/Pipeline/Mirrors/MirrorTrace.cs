using System.Diagnostics;

namespace Mesh.Client.Pipeline.Mirrors;

/// <summary>The trace of a call, for a copy of it that must not keep the call's own activity alive, nor end with it.</summary>
internal readonly struct MirrorTrace
{
    private const string Name = "Mesh.Client.Mirror";

    private readonly ActivityContext _context;

    private MirrorTrace(ActivityContext context) => _context = context;

    /// <summary>Writes the trace of the call that is being made into its copy, as the runtime would on its way out, but for what names a span: the copy's is another one, and the runtime writes it from <see cref="Start"/>.</summary>
    public static MirrorTrace Of(HttpRequestMessage copy)
    {
        if (Activity.Current is not { } activity)
        {
            return default;
        }

        DistributedContextPropagator.Current.Inject(activity, copy, static (carrier, name, value) =>
        {
            if (carrier is HttpRequestMessage request && !IsWrittenLater(name) && !request.Headers.NonValidated.Contains(name))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        });
        return new MirrorTrace(activity.IdFormat is ActivityIdFormat.W3C ? activity.Context : default);
    }

    /// <summary>Begins what the spans of the transport hang on, in the same trace and sampled like it.</summary>
    public Activity? Start()
    {
        if (_context.TraceId == default)
        {
            return null;
        }

        Activity activity = new Activity(Name).SetParentId(_context.TraceId, _context.SpanId, _context.TraceFlags);
        activity.TraceStateString = _context.TraceState;
        return activity.Start();
    }

    private static bool IsWrittenLater(string name) =>
        name is "traceparent" or "tracestate" && Activity.Current?.IdFormat is ActivityIdFormat.W3C;
}
