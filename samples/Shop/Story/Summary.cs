using Shop.Story.Steps;

namespace Shop.Story;

/// <summary>What was claimed and what was measured.</summary>
internal static class Summary
{
    /// <summary>Says it.</summary>
    /// <param name="claims">What was claimed by the steps.</param>
    /// <param name="pages">How many pages were looked at, and what one took, in words.</param>
    /// <param name="failed">How many failed.</param>
    /// <param name="firstError">Why the first did.</param>
    /// <param name="duration">How long all of it took.</param>
    /// <returns>Whether all of it held.</returns>
    public static bool Print(IEnumerable<Claim> claims, (int Count, string Calls) pages, int failed, string? firstError, TimeSpan duration)
    {
        var none = new Claim("No page failed, from the first to the last", failed == 0 && pages.Count > 0, $"{failed} of {pages.Count}{(firstError is { } error ? $"; the first: {error}" : "")}");
        Console.WriteLine();
        bool allHeld = true;
        foreach (Claim claim in claims.Append(none))
        {
            Console.WriteLine($" {(claim.Held ? '✓' : '✗')} {claim.Text}: {claim.Measured}");
            allHeld &= claim.Held;
        }

        Console.WriteLine();
        Console.WriteLine($"{pages.Count} pages, each of {pages.Calls}, in {duration.TotalSeconds:0} s. {(allHeld ? "All of it held." : "Not all of it held.")}");
        return allHeld;
    }
}
