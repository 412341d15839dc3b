using Microsoft.Playwright;

namespace Mesh.Browser.Tests;

/// <summary>Pictures for the documentation, taken where <c>MESH_SCREENSHOTS</c> names a folder.</summary>
internal static class Screenshot
{
    public static async Task TakeAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MESH_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.EvaluateAsync("scrollTo(0, 0)");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }
    }
}
