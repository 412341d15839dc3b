using System.Diagnostics;
using Mesh.Client.Inbound;
using Mesh.Client.Pipeline.Routes;

namespace Mesh.Client.Http;

/// <summary>
/// What the runtime writes into a request of its activity, beneath everything else: brings the <c>baggage</c> of the activity and the lane of the call together. The runtime leaves a <c>baggage</c> that is
/// there as it is when a request is sent for the first time, drops it when the same request is sent again, as retries do, and instrumentation may write over it in between.
/// </summary>
internal sealed class LanePropagator : DistributedContextPropagator
{
    private readonly DistributedContextPropagator _inner;
    private readonly InboundContext _inbound;

    public LanePropagator(DistributedContextPropagator inner, InboundContext inbound)
    {
        _inner = inner;
        _inbound = inbound;

        // Named here are the headers that a request loses when it is sent again.
        Fields = [.. inner.Fields.Where(static f => !IsBaggage(f))];
    }

    public override IReadOnlyCollection<string> Fields { get; }

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (_inbound.Current?.Lane is not { } lane || carrier is not HttpRequestMessage request || setter is null)
        {
            _inner.Inject(activity, carrier, setter);
            return;
        }

        if (CallLane.IsAlone(request, lane))
        {
            Merge(activity, request, lane, setter);
        }
        else
        {
            _inner.Inject(activity, carrier, setter);
            CallLane.Enter(request, lane);
        }
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        _inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => _inner.ExtractBaggage(carrier, getter);

    // Apart from the above, where the closure would cost calls in no lane too.
    private void Merge(Activity? activity, HttpRequestMessage request, string lane, PropagatorSetterCallback setter)
    {
        string? members = null;
        _inner.Inject(activity, request, Collect);
        if (members is not null)
        {
            CallLane.Put(request, members, lane);
        }

        void Collect(object? target, string name, string value)
        {
            if (IsBaggage(name))
            {
                members = value;
            }
            else
            {
                setter(target, name, value);
            }
        }
    }

    private static bool IsBaggage(string field) => field.Equals(InboundHeaders.Baggage, StringComparison.OrdinalIgnoreCase);
}
