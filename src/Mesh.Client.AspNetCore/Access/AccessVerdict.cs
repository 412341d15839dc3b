namespace Mesh.Client.AspNetCore.Access;

/// <summary>What the access rules say of a request.</summary>
/// <param name="IsAllowed">Whether it is let in.</param>
/// <param name="Rule">What decided, for the log.</param>
internal readonly record struct AccessVerdict(bool IsAllowed, string Rule);
