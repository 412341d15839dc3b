namespace Shop.Story.Measuring;

/// <summary>One page, as its customer saw it.</summary>
/// <param name="At">When it was there.</param>
/// <param name="Id">Which it was.</param>
/// <param name="Page">The page; <see langword="null"/> where the call failed.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Took">How long the customer waited.</param>
internal sealed record Call(TimeSpan At, int Id, Page? Page, string? Error, TimeSpan Took)
{
    /// <summary>Whether its item lies in the warehouse that is far away: 600 ms there and back.</summary>
    public bool IsFar => Id % 10 == 0;
}
