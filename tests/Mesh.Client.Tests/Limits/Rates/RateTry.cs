namespace Mesh.Client.Tests.Limits.Rates;

/// <summary>One attempt to take permits, for random sequences of them.</summary>
internal sealed record RateTry(long Ahead, int Permits);
