using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Options.Documents;

namespace Mesh.Client.Tests.Options.Documents;

/// <summary>A configuration with one source of policies, whose documents a test writes.</summary>
internal sealed class DocumentFixture : IDisposable
{
    private readonly ConfigurationFixture _fixture;
    private readonly SortedDictionary<string, PolicyDocument> _documents = new(StringComparer.Ordinal);

    public DocumentFixture(MutableSource? section = null, Action<CodeOptions>? code = null)
    {
        _fixture = new ConfigurationFixture(section ?? ConfigurationFixture.Source());
        code?.Invoke(_fixture.Setup);
        Configuration = _fixture.Start();
        Configuration.Follow([Source]);
    }

    public MeshConfiguration Configuration { get; }

    public SourceDocuments Source { get; } = new() { Name = "Store" };

    public MeshPolicy Policy => Configuration.Current;

    public ServicePolicy Orders => Policy.For("orders");

    /// <summary>What was logged of refused documents.</summary>
    public string[] Refusals => [.. _fixture.Logger.Of(1006)];

    public RecordingLogger<MeshConfiguration> Logger => _fixture.Logger;

    public PolicyDocumentState State(string key) => Source.Status.Single(d => d.Key == key).State;

    /// <summary>Writes documents, of services by their keys, whole ones where the key begins with an underscore; <see langword="null"/> deletes.</summary>
    public void Write(params (string Key, string? Json)[] documents)
    {
        foreach ((string key, string? json) in documents)
        {
            _documents.Remove(key);
            if (json is not null)
            {
                _documents.Add(key, new PolicyDocument(key, key.StartsWith('_') ? null : key, json));
            }
        }

        Source.Latest = new PolicyDocuments([.. _documents.Values]);
        Configuration.OnDocuments();
        _fixture.Settle();
    }

    /// <summary>Lets changes of the configuration be read.</summary>
    public void Settle() => _fixture.Settle();

    public void Dispose() => _fixture.Dispose();
}
