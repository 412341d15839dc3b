using System.Net.Http.Headers;
using Mesh.Client.Inbound;

namespace Mesh.Client.Pipeline.Routes;

/// <summary>The lane of a call: what its own <c>baggage</c> says, else that of the request being served.</summary>
internal static class CallLane
{
    public static string? Of(HttpRequestMessage request, InboundContext inbound)
    {
        string? inherited = inbound.Current?.Lane;
        return TryFind(request, out ReadOnlySpan<char> own) && !own.SequenceEqual(inherited) ? own.ToString() : inherited;
    }

    /// <summary>The lane that a call's own <c>baggage</c> names; <see langword="null"/> where it names none.</summary>
    public static string? NamedBy(HttpRequestMessage request) => TryFind(request, out ReadOnlySpan<char> own) ? own.ToString() : null;

    /// <summary>Puts a call into a lane, whose <c>baggage</c> has no other.</summary>
    public static void Enter(HttpRequestMessage request, string lane)
    {
        if (!TryFind(request, out _))
        {
            Put(request, request.Headers.NonValidated.TryGetValues(InboundHeaders.Baggage, out HeaderStringValues lines) ? lines.ToString() : "", lane);
        }
    }

    /// <summary>Puts a call into a lane and gives it these members beside.</summary>
    public static void Put(HttpRequestMessage request, string members, string lane)
    {
        request.Headers.Remove(InboundHeaders.Baggage);
        request.Headers.TryAddWithoutValidation(InboundHeaders.Baggage, LaneBaggage.Put(members, lane));
    }

    /// <summary>Takes a call out of a lane, before a redirect leads it elsewhere.</summary>
    public static void Leave(HttpRequestMessage request, string lane)
    {
        if (TryFind(request, out ReadOnlySpan<char> own) && own.SequenceEqual(lane) && request.Headers.NonValidated.TryGetValues(InboundHeaders.Baggage, out HeaderStringValues lines))
        {
            string others = LaneBaggage.Without(lines.ToString());
            request.Headers.Remove(InboundHeaders.Baggage);
            if (others.Length > 0)
            {
                request.Headers.TryAddWithoutValidation(InboundHeaders.Baggage, others);
            }
        }
    }

    /// <summary>Whether the lane is all that the <c>baggage</c> of a call has.</summary>
    public static bool IsAlone(HttpRequestMessage request, string lane) =>
        request.Headers.NonValidated.TryGetValues(InboundHeaders.Baggage, out HeaderStringValues lines)
        && lines.Count == 1
        && lines.ToString() is var line
        && line.Length == InboundHeaders.Lane.Length + 1 + lane.Length
        && line.StartsWith(InboundHeaders.Lane, StringComparison.Ordinal)
        && line.EndsWith(lane, StringComparison.Ordinal);

    // A member that names no lane is as good as none.
    private static bool TryFind(HttpRequestMessage request, out ReadOnlySpan<char> lane)
    {
        if (request.Headers.NonValidated.TryGetValues(InboundHeaders.Baggage, out HeaderStringValues lines))
        {
            foreach (string line in lines)
            {
                if (LaneBaggage.TryFind(line, out lane))
                {
                    return !lane.IsEmpty;
                }
            }
        }

        lane = default;
        return false;
    }
}
