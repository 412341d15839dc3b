using System.Diagnostics;
using System.Net.Http.Headers;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>
/// What the runtime writes of the trace into a request, and leaves alone where it stands there already: sent once more, the request would name the span of the attempt before. The runtime itself takes it out where
/// its own handler follows a redirect, and so does the mesh with each further attempt.
/// </summary>
internal static class WrittenTrace
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";
    private const string Older = "Request-Id";

    // version "-" trace "-" span "-" flags
    private const int TraceAt = 3;
    private const int SpanAt = 36;
    private const int SpanEnd = 52;

    /// <summary>Whether a request has a trace already.</summary>
    public static bool IsIn(HttpRequestMessage request) => request.Headers.Contains(Parent) || request.Headers.Contains(Older);

    public static void Remove(HttpRequestMessage request)
    {
        request.Headers.Remove(Parent);
        request.Headers.Remove(State);
        request.Headers.Remove(Older);
    }

    /// <summary>
    /// Takes out what an attempt before left, where nobody noted what the caller wrote itself: something beneath the activity that the call is made in. The caller's own is of another trace,
    /// that activity itself, or one above it, as where a proxy passes on what came.
    /// </summary>
    public static void RemoveOfAnAttempt(HttpRequestMessage request)
    {
        if (Activity.Current is { } activity && (activity.IdFormat is ActivityIdFormat.W3C
            ? Of(request, Parent) is { Length: >= SpanEnd } parent && parent.AsSpan(TraceAt).StartsWith(activity.TraceId.ToHexString(), StringComparison.Ordinal) && !IsOrIsAbove(activity, parent[SpanAt..SpanEnd])
            : Of(request, Older) is { } id && id != activity.Id && activity.Id is { } own && id.StartsWith(own, StringComparison.Ordinal)))
        {
            Remove(request);
        }
    }

    private static bool IsOrIsAbove(Activity activity, string span)
    {
        for (Activity? at = activity; at is not null; at = at.Parent)
        {
            if (span == at.SpanId.ToHexString() || span == at.ParentSpanId.ToHexString())
            {
                return true;
            }
        }

        return false;
    }

    private static string? Of(HttpRequestMessage request, string name) => request.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
