namespace Quickstart.Display;

/// <summary>A way to show the scene.</summary>
internal interface IView
{
    Task ShowAsync(CancellationToken end);
}
