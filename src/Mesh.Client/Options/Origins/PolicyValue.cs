namespace Mesh.Client.Options;

/// <summary>A value of a service's policy, and where it comes from.</summary>
/// <param name="Key">The key beneath the service's section, such as <c>CircuitBreaker:BreakDuration</c>.</param>
/// <param name="Value">The value as one would write it; a list in one line. What stands behind a question mark is left out: it may be a secret.</param>
/// <param name="Origin">The layer that gave it.</param>
/// <param name="Source">The provider of the configuration, or the source and the key of the policy document; <see langword="null"/> where it was neither.</param>
public sealed record PolicyValue(string Key, string Value, PolicyOrigin Origin, string? Source);
