namespace Mesh.Client.AspNetCore.Admin.Feed;

/// <summary>The description of a service in a frame.</summary>
/// <param name="Since">The number of the frame in which it became so.</param>
/// <param name="Json">What it is.</param>
internal sealed record FeedPart(long Since, ReadOnlyMemory<byte> Json);
