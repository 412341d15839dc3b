using Quickstart.Story;
using Spectre.Console;

namespace Quickstart.Display;

/// <summary>Shows the scene until it is disposed.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _showing;

    private Screen(IView view)
    {
        _showing = view.ShowAsync(_end.Token);
    }

    /// <summary>A live table where there is a terminal, otherwise a line a second.</summary>
    public static Screen Open(Scene scene) =>
        new(AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true } && !Console.IsOutputRedirected ? new LiveView(scene) : new PlainView(scene));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _showing;
        _end.Dispose();
    }
}
