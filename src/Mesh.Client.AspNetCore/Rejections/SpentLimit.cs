namespace Mesh.Client.AspNetCore.Rejections;

/// <summary>A rate limit that is used up, as the <c>RateLimit</c> fields say it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Permits">The permits of a window.</param>
/// <param name="Window">The window.</param>
internal sealed record SpentLimit(string Name, int Permits, TimeSpan Window);
