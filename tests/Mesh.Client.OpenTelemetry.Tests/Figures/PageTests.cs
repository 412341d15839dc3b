using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.OpenTelemetry.Tests.Figures;

/// <summary>What docs/telemetry.md says of instruments and attributes.</summary>
public sealed partial class PageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Root(), "docs", "telemetry.md"));

    [Fact]
    public void Instruments_OfThePage_AreThoseOfTheCode()
    {
        using var mesh = new CallingMesh(["http://10.0.0.1"]);
        using HttpClient used = mesh.Services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
        Meter meter = mesh.Services.GetRequiredService<MeshMetrics>().Meter;
        var instruments = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments.AddRange(instrument.Meter == meter ? [$"{instrument.Name} {instrument.Unit}"] : []) };
        listener.Start();

        Assert.Equal(instruments.Order(StringComparer.Ordinal), Instruments().Matches(s_page).Select(static m => $"{m.Groups[1].Value} {m.Groups[2].Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Attributes_OfTheCode_StandOnThePage() =>
        Assert.All(
            typeof(TagNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static f => (string)f.GetRawConstantValue()!),
            static name => Assert.Contains($"`{name}`", s_page, StringComparison.Ordinal));

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mesh.Client.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `(mesh\.[a-z_.]+)` \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Instruments();
}
