using Shop.Story.Measuring;
using Shop.Story.Steps;

namespace Shop.Story;

/// <summary>What was claimed and what was measured.</summary>
internal static class Summary
{
    /// <returns>Whether all of it held.</returns>
    public static bool Print(List<Claim> claims, CallLog calls, TimeSpan duration)
    {
        CallWindow all = calls.Since(TimeSpan.Zero);
        claims.Add(new Claim("No page failed, from the first to the last", all is { Failed: 0, Count: > 0 }, $"{all.Failed} of {all.Count}{(all.FirstError is { } error ? $"; the first: {error}" : "")}"));
        Console.WriteLine();
        foreach (Claim claim in claims)
        {
            Console.WriteLine($" {(claim.Held ? '✓' : '✗')} {claim.Text}: {claim.Measured}");
        }

        bool allHeld = claims.TrueForAll(static c => c.Held);
        Console.WriteLine();
        Console.WriteLine($"{all.Count} pages, each of three calls, in {duration.TotalSeconds:0} s. {(allHeld ? "All of it held." : "Not all of it held.")}");
        return allHeld;
    }
}
