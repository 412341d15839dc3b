using Mesh.Client.Traffic;

namespace Mesh.Client.Services;

/// <summary>What a service asks of this process.</summary>
/// <param name="Name">The service; empty for all that do not say who they are or whose word does not count, <c>*</c> for all beyond the first 64.</param>
/// <param name="Traffic">Its requests. A status from 500 on is an error; the time is until the end of the answer.</param>
public sealed record CallerStatus(string Name, TrafficStatus Traffic);
