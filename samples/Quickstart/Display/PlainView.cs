using Quickstart.Story;

namespace Quickstart.Display;

/// <summary>A line a second, and one where something happens.</summary>
internal sealed class PlainView(Scene scene) : IView
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private string _title = "";
    private TimeSpan _next = s_interval;

    public async Task ShowAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            ShowTitle();
            ShowFigures();
            await Task.Delay(s_tick, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void ShowTitle()
    {
        if (scene.Title != _title)
        {
            _title = scene.Title;
            Console.WriteLine($"{scene.Clock.Now.TotalSeconds,5:0.0} s  > {_title}");
        }
    }

    private void ShowFigures()
    {
        if (scene.Clock.Now < _next)
        {
            return;
        }

        _next += s_interval;
        IReadOnlyList<InstanceRow> rows = InstanceRow.Read(scene);
        string totals = $"{rows.Sum(r => r.Rate),3:0} calls/s, {scene.Calls.Failed} failed, {scene.Calls.Retries} retries";
        Console.WriteLine($"{scene.Clock.Now.TotalSeconds,5:0.0} s  {totals,-36} | {string.Join(" | ", rows.Select(Describe))}");
    }

    private static string Describe(InstanceRow row)
    {
        string[] words = [Words.For(row.Condition), Words.For(row)];
        return $"{row.Name} {row.Share:P0}{string.Concat(words.Where(w => w is not ("" or "closed")).Select(w => $", {w}"))}";
    }
}
