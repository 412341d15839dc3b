namespace Mesh.Benchmarks.Bars;

/// <summary>
/// <c>--bars FILE [--markdown]</c>: measures the bars, writes the figures to the file and a table to the console. <c>--bars FILE --only NAME</c> measures those of one name alone,
/// and writes the figures without judging them.
/// </summary>
internal static class BarsCommand
{
    private const string Option = "--bars";
    private const string OnlyOption = "--only";

    // The engine first, while no large heap is there to be collected.
    private static readonly (string Name, Action<Figures> Measure)[] s_all =
    [
        ("engine", EngineBars.Measure),
        ("telemetry", TelemetryBars.Measure),
        ("machine", MachineFigures.Measure),
        ("pick", PickBars.Measure),
        ("balancer", BalancerBars.Measure),
        ("route", RouteBars.Measure),
        ("limiter", LimiterBars.Measure),
        ("update", UpdateBars.Measure),
        ("layer", LayerBars.Measure),
        ("quota", QuotaBars.Measure),
        ("grpc", GrpcBars.Measure),
        ("memory", MemoryBars.Measure),
    ];

    public static bool IsAskedFor(string[] args) => args.Contains(Option);

    /// <summary>Runs it.</summary>
    /// <returns>0 where everything was measured, whether the bars hold or not; 1 where it was not; 2 where the command line is wrong.</returns>
    public static int Run(string[] args)
    {
        int at = Array.IndexOf(args, Option);
        if (at + 1 == args.Length || args[at + 1].StartsWith('-'))
        {
            Console.Error.WriteLine("--bars needs the file that the figures are written to: --bars FILE [--markdown | --only NAME].");
            return 2;
        }

        string? only = args.Contains(OnlyOption) ? args.SkipWhile(static arg => arg != OnlyOption).ElementAtOrDefault(1) ?? "" : null;
        if (only is not null && !Array.Exists(s_all, bars => bars.Name == only))
        {
            Console.Error.WriteLine($"--only needs the name of what is measured: one of {string.Join(", ", s_all.Select(static bars => bars.Name))}; it was \"{only}\".");
            return 2;
        }

        try
        {
            Figures figures = Measure(only);
            File.WriteAllText(args[at + 1], BarsReport.Json(figures));
            Console.Write(only is not null ? BarsReport.Plain(figures) : args.Contains("--markdown") ? BarsReport.Markdown(figures) : BarsReport.Text(figures));
            return 0;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"The bars could not be measured: {error}");
            return 1;
        }
    }

    private static Figures Measure(string? only)
    {
        var figures = new Figures();
        foreach ((string name, Action<Figures> measure) in s_all)
        {
            if (only is null || name == only)
            {
                measure(figures);
            }
        }

        return figures;
    }
}
