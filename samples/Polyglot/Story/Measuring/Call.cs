namespace Polyglot.Story.Measuring;

/// <summary>One page, as its customer saw it.</summary>
/// <param name="At">When it was there.</param>
/// <param name="IsTester">Whether the customer tries what is new.</param>
/// <param name="Page">The page; <see langword="null"/> where the call failed.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Took">How long the customer waited.</param>
internal sealed record Call(TimeSpan At, bool IsTester, Page? Page, string? Error, TimeSpan Took);
