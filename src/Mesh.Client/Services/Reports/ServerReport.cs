using System.Collections.Immutable;
using Mesh.Client.Inbound;
using Mesh.Client.Limits.Rooms;
using Mesh.Client.Limits.Sets;

namespace Mesh.Client.Services;

/// <summary>Reads the receiving side into immutable answers. The side itself says what limits it has, once it is there.</summary>
internal sealed class ServerReport
{
    /// <summary>Gives the limits in force at a timestamp; <see langword="null"/> where this process receives nothing through the mesh.</summary>
    public Func<long, (LimitSet? Limits, Room? Room)>? Read { get; set; }

    public ServerStatus? Of(InboundContext inbound, long now)
    {
        if (Read is not { } read)
        {
            return null;
        }

        (LimitSet? limits, Room? room) = read(now);
        return new ServerStatus
        {
            Limits = LimitReport.Of(limits, now),
            Concurrency = LimitReport.Of(room),
            Callers = inbound.Callers?.Read(now).Select(static c => new CallerStatus(c.Key, c.Value)).ToImmutableArray() ?? [],
        };
    }
}
