using System.Text.Json;
using System.Text.Json.Nodes;
using Quickstart.Measuring;
using Quickstart.Story;

namespace Quickstart.Display;

/// <summary>What was claimed and what was measured.</summary>
internal sealed class Summary(CallLog calls, TimeSpan duration, IReadOnlyList<Claim> claims)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public bool AllHeld => claims.All(c => c.Held);

    public void Print()
    {
        Console.WriteLine();
        foreach (Claim claim in claims)
        {
            Console.ForegroundColor = claim.Held ? ConsoleColor.Green : ConsoleColor.Red;
            Console.Write(claim.Held ? " ✓ " : " ✗ ");
            Console.ResetColor();
            Console.WriteLine($"{claim.Text}: {claim.Measured}");
        }

        Console.WriteLine();
        Console.WriteLine($"{calls.Count} calls, {calls.Failed} failed, {calls.Retries} retries in {duration.TotalSeconds:0} s. {(AllHeld ? "All of it held." : "Not all of it held.")}");
    }

    /// <summary>Writes the figures as one flat object.</summary>
    public void WriteJson(string path)
    {
        var figures = new JsonObject
        {
            ["calls"] = calls.Count,
            ["failed"] = calls.Failed,
            ["retries"] = calls.Retries,
            ["seconds"] = Math.Round(duration.TotalSeconds, 3),
            ["all_held"] = AllHeld,
        };
        foreach (Claim claim in claims)
        {
            figures[claim.Key] = claim.Held;
            foreach ((string name, double value) in claim.Figures)
            {
                figures[$"{claim.Key}.{name}"] = double.IsFinite(value) ? Math.Round(value, 4) : null;
            }
        }

        File.WriteAllText(path, figures.ToJsonString(s_indented));
    }
}
