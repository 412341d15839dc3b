using Polyglot.Story.Measuring;
using Shop.Story.Steps;

namespace Polyglot.Story;

/// <summary>What was claimed and what was measured.</summary>
internal static class Summary
{
    /// <returns>Whether all of it held.</returns>
    public static bool Print(List<Claim> claims, CallLog calls, TimeSpan duration)
    {
        CallWindow all = calls.Since(TimeSpan.Zero);
        int whole = all.Pages.Count(p => p.Page!.IsOneTrace);
        claims.Add(new Claim("One trace went through Node, Python, Node and gRPC", whole == all.Pages.Count && whole > 0, $"in {whole} of {all.Pages.Count} pages all four programs saw the customer's own"));
        claims.Add(new Claim("No page failed, from the first to the last", all is { Failed: 0, Count: > 0 }, $"{all.Failed} of {all.Count}{(all.FirstError is { } error ? $"; the first: {error}" : "")}"));
        Console.WriteLine();
        foreach (Claim claim in claims)
        {
            Console.WriteLine($" {(claim.Held ? '✓' : '✗')} {claim.Text}: {claim.Measured}");
        }

        bool allHeld = claims.TrueForAll(static c => c.Held);
        Console.WriteLine();
        Console.WriteLine($"{all.Count} pages, each of four calls, in {duration.TotalSeconds:0} s. {(allHeld ? "All of it held." : "Not all of it held.")}");
        return allHeld;
    }
}
