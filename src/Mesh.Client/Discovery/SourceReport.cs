namespace Mesh.Client.Discovery;

/// <summary>How the sources of one service fare.</summary>
/// <param name="AnsweredAt">The timestamp of the last answer of the source in force; <see langword="null"/> where there is none.</param>
/// <param name="Error">What the source in force, or one before it, fails with now; <see langword="null"/> where none does.</param>
internal sealed record SourceReport(long? AnsweredAt, string? Error);
