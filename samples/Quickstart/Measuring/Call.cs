namespace Quickstart.Measuring;

/// <summary>One call, as its caller saw it.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Instance">Who answered; <see langword="null"/> where the call failed.</param>
/// <param name="Took">How long the caller waited.</param>
internal readonly record struct Call(TimeSpan At, string? Instance, TimeSpan Took);
