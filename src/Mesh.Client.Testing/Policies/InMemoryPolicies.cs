using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Mesh.Client.Options;

namespace Mesh.Client.Testing;

/// <summary>A source of policies in the test's own memory: <c>mesh.AddPolicySource(policies)</c>. Safe for use by many threads.</summary>
public sealed class InMemoryPolicies : IPolicySource
{
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<string, PolicyDocument> _documents = ImmutableSortedDictionary<string, PolicyDocument>.Empty.WithComparers(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The name of the source: <c>InMemory</c>.</summary>
    public string Name => "InMemory";

    /// <summary>Writes the document of a service.</summary>
    /// <param name="service">The service's logical name, also the key of the document.</param>
    /// <param name="json">Its keys, such as <c>{ "Timeout": "00:00:02" }</c>.</param>
    public void Set(string service, string json) => Change(all => all.SetItem(service, new PolicyDocument(service, service, json)));

    /// <summary>Writes a whole document.</summary>
    /// <param name="key">The key of the document.</param>
    /// <param name="json"><c>Defaults</c>, <c>Services</c> or both.</param>
    public void SetWhole(string key, string json) => Change(all => all.SetItem(key, new PolicyDocument(key, null, json)));

    /// <summary>Deletes a document.</summary>
    /// <param name="key">Its key.</param>
    public void Remove(string key) => Change(all => all.Remove(key));

    /// <inheritdoc/>
    public async IAsyncEnumerable<PolicyDocuments> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed = Volatile.Read(ref _changed).Task;
            yield return new PolicyDocuments([.. Volatile.Read(ref _documents).Values]);
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Change(Func<ImmutableSortedDictionary<string, PolicyDocument>, ImmutableSortedDictionary<string, PolicyDocument>> change)
    {
        lock (_lock)
        {
            Volatile.Write(ref _documents, change(_documents));
            Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }
}
