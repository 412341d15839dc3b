using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mesh.Agent.Commands;
using Mesh.Agent.Options;
using Mesh.Agent.Schema;
using Mesh.Agent.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Tests.Hosting;

/// <summary>The recipes of docs/agent start what there is, as systemd and the program itself read them.</summary>
public sealed partial class RecipeTests
{
    private const string Program = "/usr/local/bin/mesh-agent";
    private const double MostExposed = 2;

    private static string Unit => File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/agent/mesh-agent.service"));

    private static string Container => File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/agent/Containerfile"));

    [Fact]
    public void Commands_OfTheRecipes_AreUnderstood()
    {
        string[] unit = Value(Unit, "ExecStart=").Split(' ');
        string[] container = [.. Json(Container, "ENTRYPOINT "), .. Json(Container, "CMD ")];

        Assert.Equal(unit, container);
        Assert.Equal(Program, unit[0]);
        Assert.True(CommandLine.TryParse(unit[1..], out CommandLine? line, out string? fault), fault);
        Assert.Equal(("run", "/etc/mesh/agent.json"), (line.Command, line.Config));
        Assert.Contains($"COPY mesh-agent {Program}", Container, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_OfTheRecipes_AreKeys()
    {
        Dictionary<string, string> variables = [];
        foreach (Match variable in Keys().Matches(Unit + Container))
        {
            variables[variable.Groups[1].Value] = variable.Groups[2].Value.Trim('"');
        }

        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(AgentFile.Variables(variables)).Build();

        Assert.NotEmpty(variables);
        Assert.Equal([], SchemaCheck.Faults(configuration, []));
    }

    [Fact]
    public void Unit_OfSystemd_GivesTheDrainItsTime() => Assert.True(int.Parse(Value(Unit, "TimeoutStopSec="), CultureInfo.InvariantCulture) > 60);

    [Fact]
    public async Task Unit_OfSystemd_IsSoundAndClosed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "There is no systemd-analyze on this machine. Remedy: run it on a system with systemd.");
        string folder = Directory.CreateTempSubdirectory("mesh-agent-").FullName;
        string unit = Path.Combine(folder, "mesh-agent.service");

        // The program need not be installed here.
        await File.WriteAllTextAsync(unit, Unit.Replace(Program, "/bin/true", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        (int sound, string words) = await AnalyzeAsync("verify", "--man=no", unit);
        (_, string security) = await AnalyzeAsync("security", "--offline=yes", unit);

        Directory.Delete(folder, recursive: true);
        Assert.True(sound == 0 && words.Length == 0, words);
        Match exposure = Exposure().Match(security);
        Assert.SkipUnless(exposure.Success, $"This systemd-analyze cannot look at a file: {security}");
        Assert.InRange(double.Parse(exposure.Groups[1].Value, CultureInfo.InvariantCulture), 0, MostExposed);
    }

    private static string Value(string text, string key) => text.Split('\n').Single(l => l.StartsWith(key, StringComparison.Ordinal))[key.Length..];

    private static string[] Json(string text, string key) => JsonSerializer.Deserialize<string[]>(Value(text, key))!;

    private static async Task<(int Code, string Output)> AnalyzeAsync(params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo("systemd-analyze", args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    [GeneratedRegex(@"((?:Mesh|Agent|Logging)__\w+)=(\S*)")]
    private static partial Regex Keys();

    [GeneratedRegex(@"exposure level for \S+: ([\d.]+)")]
    private static partial Regex Exposure();
}
