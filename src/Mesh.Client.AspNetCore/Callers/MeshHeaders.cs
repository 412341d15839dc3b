using System.Diagnostics;
using Mesh.Client.Inbound;
using Mesh.Client.Options.Checking;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.AspNetCore.Callers;

/// <summary>What a request says of itself in the headers of the mesh.</summary>
internal static class MeshHeaders
{
    /// <summary>The service that calls. What is no name of a service, or stands there twice, is nobody.</summary>
    public static string? Caller(IHeaderDictionary headers) =>
        headers.TryGetValue(InboundHeaders.Caller, out StringValues values) && values is [{ } name] && HostName.IsValid(name) ? name : null;

    /// <summary>One of the three words; anything else, numbers too, is <c>default</c>.</summary>
    public static InboundPriority Priority(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(InboundHeaders.Priority, out StringValues values) || values is not [{ } word])
        {
            return InboundPriority.Default;
        }

        return string.Equals(word, "critical", StringComparison.OrdinalIgnoreCase) ? InboundPriority.Critical
            : string.Equals(word, "sheddable", StringComparison.OrdinalIgnoreCase) ? InboundPriority.Sheddable
            : InboundPriority.Default;
    }

    /// <summary>The lane in the <c>baggage</c>; what is no name of a lane is none.</summary>
    public static string? Lane(IHeaderDictionary headers)
    {
        foreach (string? line in headers[InboundHeaders.Baggage])
        {
            if (LaneBaggage.TryFind(line, out ReadOnlySpan<char> lane))
            {
                return lane.IsEmpty ? null : lane.ToString();
            }
        }

        return null;
    }

    /// <summary>Removes them all: the word of this client does not count, and what it said must not travel on.</summary>
    public static void Strip(IHeaderDictionary headers)
    {
        headers.Remove(InboundHeaders.Caller);
        headers.Remove(InboundHeaders.Priority);
        if (headers.TryGetValue(InboundHeaders.Baggage, out StringValues lines) && lines.Any(static l => l is not null && l.Contains(InboundHeaders.Lane, StringComparison.OrdinalIgnoreCase)))
        {
            string[] kept = [.. lines.Where(static l => l is not null).SelectMany(static l => l!.Split(',')).Where(static m => !LaneBaggage.IsLane(m))];
            headers[InboundHeaders.Baggage] = kept.Length == 0 ? StringValues.Empty : string.Join(',', kept);
        }

        // The server read the baggage before us, and outbound calls write it again.
        if (Activity.Current is { } activity)
        {
            foreach ((string name, _) in activity.Baggage.ToArray())
            {
                if (name.Equals(InboundHeaders.Lane, StringComparison.OrdinalIgnoreCase))
                {
                    // It takes off the first of that name only.
                    activity.SetBaggage(name, null);
                }
            }
        }
    }
}
