using Mesh.Client.Health;
using Quickstart.Story;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quickstart.Display;

/// <summary>A table that redraws in place, 80 columns wide.</summary>
internal sealed class LiveView(Scene scene) : IView
{
    private const int BarWidth = 8;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    public Task ShowAsync(CancellationToken end) => AnsiConsole.Live(Draw()).StartAsync(async live =>
    {
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(s_interval, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            live.UpdateTarget(Draw());
        }
    });

    private Rows Draw()
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns(
            Column("instance"),
            Column("condition", 11),
            Column("share", 13),
            Column("calls/s").RightAligned(),
            Column("p50\nms", 4).RightAligned(),
            Column("p99\nms", 4).RightAligned(),
            Column("in\nflight").RightAligned(),
            Column("breaker", 12));
        foreach (InstanceRow row in InstanceRow.Read(scene))
        {
            table.AddRow(Cells(row));
        }

        return new Rows(
            new Markup($"[bold]{scene.Clock.Now.TotalSeconds,5:0.0} s[/]  [yellow]{Markup.Escape(scene.Title)}[/]"),
            table,
            new Markup($" [bold]{scene.Calls.Count}[/] calls to http://orders, {Failed()}, {scene.Calls.Retries} retries"));
    }

    private string Failed() => scene.Calls.Failed == 0 ? "[green]0 failed[/]" : $"[red]{scene.Calls.Failed} failed[/]";

    private static TableColumn Column(string header, int? width = null) => new(header) { Width = width, Padding = new Padding(0, 0, 1, 0) };

    private static IRenderable[] Cells(InstanceRow row) =>
    [
        new Markup($"[bold]{row.Name}[/]"),
        new Markup($"[red]{Words.For(row.Condition)}[/]"),
        new Markup($"{row.Share,4:P0} [blue]{new string('█', Math.Min(BarWidth, (int)Math.Round(row.Share * 16)))}[/]"),
        new Text($"{row.Rate:0}"),
        new Text(row.Rate == 0 ? "" : $"{row.P50.TotalMilliseconds:0}"),
        new Text(row.Rate == 0 ? "" : $"{row.P99.TotalMilliseconds:0}"),
        new Text($"{row.InFlight}"),
        new Markup($"[{(row.Breaker is BreakerState.Closed ? "green" : "red")}]{Words.For(row)}[/]"),
    ];
}
