using System.Globalization;
using Mesh.Fuzz.Targets;

namespace Mesh.Fuzz.Cases;

/// <summary>The timed run of <c>tests/fuzz.sh</c>: <c>fuzz [--seconds N] [--seed S] [--target T]</c>.</summary>
internal static class FuzzCommand
{
    private const int Found = 1;
    private const int Usage = 64;

    public static int Run(ReadOnlySpan<string> args, TextWriter output)
    {
        double seconds = 60;
        long seed = DateTime.UtcNow.Ticks;
        string? only = null;
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool isGood = args[i] switch
            {
                "--seconds" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds > 0,
                "--seed" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seed),
                "--target" => (only = value).Length > 0,
                _ => false,
            };
            if (!isGood)
            {
                output.WriteLine($"\"{args[i]} {value}\" is not understood; write --seconds N, --seed S or --target T");
                return Usage;
            }
        }

        IFuzzTarget[] targets = [.. FuzzTargets.All.Where(t => only is null || t.Name == only)];
        if (targets.Length == 0)
        {
            output.WriteLine($"\"{only}\" is no target; known are {string.Join(", ", FuzzTargets.All.Select(static t => t.Name))}");
            return Usage;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {targets.Length} targets, {seconds:0.#} s in all"));
        long cases = 0;
        int faults = 0;
        foreach (IFuzzTarget target in targets)
        {
            FuzzRun run = new(target, seed);
            run.For(TimeSpan.FromSeconds(seconds / targets.Length), output);
            cases += run.Cases;
            faults += run.Faults;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name,-20} {run.Cases,10} cases, {run.Kinds,4} kinds of answer, longest {run.Longest.TotalMilliseconds,6:0.0} ms, {run.Faults} faults"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases} cases, {faults} faults, seed {seed}"));
        return faults > 0 ? Found : 0;
    }
}
