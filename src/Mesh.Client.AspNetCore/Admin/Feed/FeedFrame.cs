using System.Collections.Immutable;

namespace Mesh.Client.AspNetCore.Admin.Feed;

/// <summary>What is known at one moment, written out for all readers. Immutable, swapped whole: a reader that was slow takes the newest and misses nothing but what is out of date.</summary>
/// <param name="Number">Its number; the next frame has the next one.</param>
/// <param name="Services">The description of each service, by its id.</param>
/// <param name="Live">The figures.</param>
internal sealed record FeedFrame(long Number, ImmutableDictionary<string, FeedPart> Services, ReadOnlyMemory<byte> Live)
{
    public static FeedFrame None { get; } = new(0, ImmutableDictionary<string, FeedPart>.Empty, default);
}
