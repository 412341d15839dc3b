using Microsoft.Playwright;

namespace Mesh.Browser.Tests;

/// <summary>A real chromium, started once for all tests of a class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string? Program
    {
        get
        {
            for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Mesh.Client.sln")))
                {
                    string path = Path.Combine(Environment.GetEnvironmentVariable("MESH_TOOLS") ?? Path.Combine(folder.FullName, ".tools"), "chromium", "chromium");
                    return File.Exists(path) ? path : null;
                }
            }

            return null;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Program is { } program)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
        }
    }

    /// <summary>Opens a page. Where there is no chromium on this machine the test is skipped, or fails if <c>CI</c> is true.</summary>
    public async Task<IPage> OpenAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        if (_browser is null)
        {
            const string Missing = "There is no chromium under $MESH_TOOLS. Remedy: bash tests/run.sh installs it on Debian; elsewhere put it at .tools/chromium/chromium.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Missing);
            Assert.Skip(Missing);
        }

        return await _browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
