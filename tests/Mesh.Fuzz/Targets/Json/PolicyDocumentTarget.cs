using Mesh.Client.Options;
using Mesh.Client.Options.Documents;
using Mesh.Client.Testing;
using Mesh.Fuzz.Mutations;
using Microsoft.Extensions.Configuration;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>A policy document of a source, as that of one service and as a whole one, beside a good one that must stay in force whatever the others say.</summary>
internal sealed class PolicyDocumentTarget : IFuzzTarget
{
    private const string Good = """{ "Timeout": "00:00:07" }""";

    public string Name => "policy-document";

    // A document may have four million characters of flat keys, and each is in memory a few times while two documents are read.
    public Grammar Grammar { get; } = new() { IsJson = true, Tokens = MeshTokens.All, MaxLength = 64 * 1024, BaseBytes = 64 * 1024 * 1024, BytesForEach = 500 };

    public int Run(byte[] input)
    {
        string json = InputText.Of(input);
        IConfigurationRoot root = new ConfigurationBuilder().Build();
        var clock = new ManualTimeProvider();
        var log = new FaultLog();
        var source = new SourceDocuments { Name = "Store" };
        using var configuration = new MeshConfiguration(new CodeOptions { Section = root.GetSection("Mesh"), Instance = "fuzz" }, root, ["Configuration", "Dns"], clock, log);
        configuration.Follow([source]);
        source.Latest = new PolicyDocuments([new PolicyDocument("good", "steady", Good)]);
        configuration.OnDocuments();
        clock.Advance(MeshConfiguration.Debounce);
        source.Latest = new PolicyDocuments([new PolicyDocument("good", "steady", Good), new PolicyDocument("orders", "orders", json), new PolicyDocument("_all", null, json)]);
        configuration.OnDocuments();
        clock.Advance(MeshConfiguration.Debounce);
        FuzzFaultException.Unless(log.Error is null, $"The documents could not be read: {log.Error}");
        FuzzFaultException.Unless(source.Status.Length == 3, "Not every document has a state.");
        FuzzFaultException.Unless(source.Status.All(static s => s.State is PolicyDocumentState.InForce == s.Error is null), "A document is refused without an error, or in force with one.");
        FuzzFaultException.Unless(source.Status.Single(static s => s.Key == "good").State is PolicyDocumentState.InForce, "A good document fell with a bad one.");
        FuzzFaultException.Unless(configuration.Current.For("steady").Timeout == TimeSpan.FromSeconds(7) || source.Status.Single(static s => s.Key == "_all").State is PolicyDocumentState.InForce, "The good document has no effect.");
        PolicyDocumentStatus one = source.Status.Single(static s => s.Key == "orders");
        return AnswerKind.Of(one.Error is { } error ? error[(error.IndexOf(' ', StringComparison.Ordinal) + 1)..] : null) + (source.Status.Single(static s => s.Key == "_all").State is PolicyDocumentState.InForce ? 1 : 0);
    }
}
