using System.Text.Json;
using System.Text.RegularExpressions;
using Mesh.Agent.Hosting;
using Mesh.Agent.Options;
using Mesh.Agent.Schema;
using Mesh.Agent.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Tests.Schema;

/// <summary>The schema says what the readers of the options read: the same keys, the same verdicts.</summary>
public sealed partial class SchemaTests
{
    private const string Stranger = "Zzz";

    public static TheoryData<string> Objects
    {
        get
        {
            using JsonDocument schema = ConfigurationSchema.Read();
            return [.. SchemaObjects.Of(schema.RootElement).Select(static o => o.Path)];
        }
    }

    /// <summary>The blocks of the pages, and the settings of the samples, that have one of the agent's sections.</summary>
    public static TheoryData<string> Files
    {
        get
        {
            string root = RepositoryRoot.Path;
            IEnumerable<string> pages = Directory.EnumerateFiles(root, "*.md", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(Path.Combine(root, "samples"), "*.json", SearchOption.AllDirectories))
                .Select(path => Path.GetRelativePath(root, path))
                .Where(static path => !path.Split('/', '\\').Any(static part => part is "bin" or "obj" or ".tools" or "artifacts"));
            return [.. pages.Where(path => Blocks(Path.Combine(root, path)).Any()).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Keys_OfAnObject_AreThoseOfItsReader(string path)
    {
        using JsonDocument schema = ConfigurationSchema.Read();
        string[] properties = SchemaObjects.Of(schema.RootElement).Single(o => o.Path == path).Properties;

        // The sections of packages are known where they stand.
        string fault = Read(Build([new($"{path}:{Stranger}", "1"), new("Mesh:Consul:Scheme", ""), new("Mesh:Redis:Database", "")]))
            .Single(line => line.StartsWith($"{path}:{Stranger} = \"1\" is no key", StringComparison.Ordinal));

        string[] known = fault[(fault.LastIndexOf(':') + 2)..].TrimEnd('.').Split(", ");
        Assert.Equal(known.Order(StringComparer.Ordinal), properties.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Schema_OfAPageOrSample_AcceptsIt(string file)
    {
        foreach (IConfigurationRoot configuration in Blocks(Path.Combine(RepositoryRoot.Path, file)))
        {
            Assert.Equal([], SchemaCheck.Faults(configuration, []));
        }
    }

    [Theory]
    [InlineData("Mesh:Services:orders:Timeout", "00:00:05", true)]
    [InlineData("Mesh:Services:orders:Timeout", "5", false)]
    [InlineData("Mesh:Services:orders:Timeout", "00:30", true)]
    [InlineData("mesh:services:orders:retry:maxattempts", "3", true)]
    [InlineData("Mesh:Services:orders:Retry:MaxAttempts", "0", false)]
    [InlineData("Mesh:Services:orders:Retry:MaxAttempts", "21", false)]
    [InlineData("Mesh:Services:orders:Retry:MaxAttempts", "many", false)]
    [InlineData("Mesh:Services:orders:Retry:BudgetRatio", "0.2", true)]
    [InlineData("Mesh:Services:orders:Retry:BudgetRatio", "2e-1", true)]
    [InlineData("Mesh:Services:orders:Retry:On", "5xx", false)]
    [InlineData("Mesh:Services:orders:Retry:On:0", "503", true)]
    [InlineData("Mesh:Services:orders:Retry", "3", false)]
    [InlineData("Mesh:Services:orders:Transport:HostHeader", "logical", true)]
    [InlineData("Mesh:Services:orders:Transport:HostHeader", "Nobody", false)]
    [InlineData("Mesh:Services:orders:Transport:Decompression", "gzip, Brotli", true)]
    [InlineData("Mesh:Services:orders:Transport:Decompression", "zip", false)]
    [InlineData("Mesh:Services:orders:Transport:HttpVersion", "2", true)]
    [InlineData("Mesh:Services:orders:Overlays:0:Policy:Timeot", "00:00:01", false)]
    [InlineData("Mesh:Services:orders:Routes:0:Match:Headers:x-beta", "1", true)]
    [InlineData("Mesh:Services:orders:Routes:0:Match:Headers:x-beta:Prefix", "1", true)]
    [InlineData("Mesh:Services:orders:Routes:0:Match:Headers:x-beta:Prefx", "1", false)]
    [InlineData("Mesh:Consul:Address", "http://127.0.0.1:8500", true)]
    [InlineData("Mesh:Consul:Adress", "http://127.0.0.1:8500", false)]
    [InlineData("Mesh:Local:Labels:version", "2", true)]
    [InlineData("Mesh:Local:Labels:version:x", "2", false)]
    [InlineData("Agent:RemoteAdmin", "TRUE", true)]
    [InlineData("Agent:RemoteAdmin", "maybe", false)]
    [InlineData("Agent:Inbound:0:HealthInterval", "00:00:05", false)]
    public void Verdict_OfASchema_IsThatOfTheReader(string key, string value, bool isGood)
    {
        IConfigurationRoot configuration = Build([new(key, value)]);
        string[] read = [.. Read(configuration).Where(static line => !line.Contains("Agent:Inbound:0 has", StringComparison.Ordinal) && !Elsewhere().IsMatch(line))];

        Assert.Equal(isGood, SchemaCheck.Faults(configuration, []).Count == 0);
        Assert.Equal(isGood, read.Length == 0 && !key.Contains("Inbound", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Logging:LogLevel:Mesh.Agent", "debug", true)]
    [InlineData("Logging:Console:LogLevel:Default", "None", true)]
    [InlineData("Logging:Console:FormatterName", "json", true)]
    [InlineData("Logging:LogLevel:Default", "Info", false)]
    [InlineData("Logging:Console:LogLevel:Default", "Info", false)]
    [InlineData("services:orders:http:0", "10.0.0.1:80", true)]
    public void Faults_OfOtherSections_AreFound(string key, string value, bool isGood) => Assert.Equal(isGood, SchemaCheck.Faults(Build([new(key, value)]), []).Count == 0);

    [Fact]
    public void Faults_ThatAreKnown_AreNotSaidAgain()
    {
        IConfigurationRoot configuration = Build([new("Agent:Outbund", "x"), new("Agent:Admn", "x")]);

        Assert.Equal(2, SchemaCheck.Faults(configuration, []).Count);
        Assert.Contains("Agent:Admn = \"x\" is not known; did you mean \"Admin\"?", Assert.Single(SchemaCheck.Faults(configuration, ["Agent:Outbund = \"x\" is no key"])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_OfTheCommand_IsThePublishedOne() =>
        Assert.Equal(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/agent.schema.json")), (await Command.RunAsync("schema")).Output);

    private static IConfigurationRoot Build(IEnumerable<KeyValuePair<string, string?>> keys) => new ConfigurationBuilder().AddInMemoryCollection(keys).Build();

    private static IEnumerable<string> Read(IConfigurationRoot configuration) => AgentConfiguration.Check(configuration).Concat(AgentMesh.Check(configuration));

    private static IEnumerable<IConfigurationRoot> Blocks(string path)
    {
        string text = File.ReadAllText(path);
        string[] blocks = path.EndsWith(".json", StringComparison.Ordinal) ? [text] : [.. Fenced().Matches(text).Select(static m => m.Groups[1].Value)];
        foreach (string block in blocks)
        {
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(block.TrimStart().StartsWith('"') ? $"{{{block}\n}}" : block));
            IConfigurationRoot all = new ConfigurationBuilder().AddJsonStream(stream).Build();

            // A page of the library has sections of its own beside, and registers itself.
            KeyValuePair<string, string?>[] ours =
            [
                .. all.AsEnumerable().Where(static pair => Ours().IsMatch(pair.Key)),
            ];
            if (ours.Length > 0)
            {
                yield return Build(ours);
            }
        }
    }

    [GeneratedRegex(@"^ *```jsonc?\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex("^(Agent|Mesh|Logging)(:(?!Registration).*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Ours();

    // Keys that others need beside them.
    [GeneratedRegex("^Mesh:Services:orders:(Routes:0|Overlays:0)( |:Name)|overlay")]
    private static partial Regex Elsewhere();
}
