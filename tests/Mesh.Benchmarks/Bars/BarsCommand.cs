namespace Mesh.Benchmarks.Bars;

/// <summary><c>--bars FILE [--markdown]</c>: measures the bars, writes the figures to the file and a table to the console.</summary>
internal static class BarsCommand
{
    private const string Option = "--bars";

    public static bool IsAskedFor(string[] args) => args.Contains(Option);

    /// <summary>Runs it.</summary>
    /// <returns>0 where everything was measured, whether the bars hold or not; 1 where it was not; 2 where the command line is wrong.</returns>
    public static int Run(string[] args)
    {
        int at = Array.IndexOf(args, Option);
        if (at + 1 == args.Length || args[at + 1].StartsWith('-'))
        {
            Console.Error.WriteLine("--bars needs the file that the figures are written to: --bars FILE [--markdown].");
            return 2;
        }

        try
        {
            Figures figures = Measure();
            File.WriteAllText(args[at + 1], BarsReport.Json(figures));
            Console.Write(args.Contains("--markdown") ? BarsReport.Markdown(figures) : BarsReport.Text(figures));
            return 0;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"The bars could not be measured: {error}");
            return 1;
        }
    }

    private static Figures Measure()
    {
        // The engine first, while no large heap is there to be collected.
        var figures = new Figures();
        EngineBars.Measure(figures);
        MachineFigures.Measure(figures);
        PickBars.Measure(figures);
        BalancerBars.Measure(figures);
        RouteBars.Measure(figures);
        LimiterBars.Measure(figures);
        UpdateBars.Measure(figures);
        LayerBars.Measure(figures);
        QuotaBars.Measure(figures);
        GrpcBars.Measure(figures);
        MemoryBars.Measure(figures);
        return figures;
    }
}
