namespace Mesh.Faults;

/// <summary>What is wrong with a link, in bytes and times; several at once where that makes sense. It holds for connections that are open as well as for new ones, until another one is set.</summary>
public sealed record LinkFault
{
    /// <summary>A link that is well.</summary>
    public static LinkFault None { get; } = new();

    /// <summary>Nobody listens. Connections that are open stay.</summary>
    public static LinkFault Refuse { get; } = new() { Arrival = Arrival.Refused };

    /// <summary>Connections are taken and nothing gets through. What was sent meanwhile arrives when the fault ends, as over a network that heals.</summary>
    public static LinkFault BlackHole { get; } = new() { IsBlackHole = true };

    /// <summary>What becomes of new connections.</summary>
    public Arrival Arrival { get; init; }

    /// <summary>Whether nothing gets through.</summary>
    public bool IsBlackHole { get; init; }

    /// <summary>The direction that all that follows strikes.</summary>
    public Flow Flow { get; init; } = Flow.Both;

    /// <summary>How much later everything arrives. Throughput stays as it is.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Up to so much more, at random. Order stays.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bytes a second; 0 is no bound.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>At most so many bytes in one piece, which with <see cref="BytesPerSecond"/> makes a drip; 0 is as they come.</summary>
    public int PieceSize { get; init; }

    /// <summary>The part of the bytes, from 0 to 1, of which one bit is turned over.</summary>
    public double CorruptRatio { get; init; }

    /// <summary>How a connection is broken off.</summary>
    public Ending Ending { get; init; }

    /// <summary>After how many bytes it is broken off, counted from the beginning of the fault.</summary>
    public long After { get; init; }

    /// <summary>A link on which everything arrives later.</summary>
    public static LinkFault Delayed(TimeSpan delay, TimeSpan jitter = default) => new() { Delay = delay, Jitter = jitter };

    /// <summary>A link of a bandwidth.</summary>
    public static LinkFault Limited(int bytesPerSecond, Flow flow = Flow.ToClient) => new() { BytesPerSecond = bytesPerSecond, Flow = flow };

    /// <summary>A link on which each piece comes by itself.</summary>
    /// <param name="bytesPerSecond">How many.</param>
    /// <param name="pieceSize">In pieces of this size.</param>
    public static LinkFault Drip(int bytesPerSecond, int pieceSize = 1) => new() { BytesPerSecond = bytesPerSecond, PieceSize = pieceSize, Flow = Flow.ToClient };

    /// <summary>A link that breaks while the server speaks.</summary>
    public static LinkFault Broken(Ending ending, long after = 0, Flow flow = Flow.ToClient) => new() { Ending = ending, After = after, Flow = flow };

    /// <summary>A link that does not keep what it is given.</summary>
    public static LinkFault Corrupt(double ratio, Flow flow = Flow.ToClient) => new() { CorruptRatio = ratio, Flow = flow };
}
