using System.Collections.Immutable;

namespace Mesh.Client.Options.Documents;

/// <summary>The documents of one source, in the order in which they count.</summary>
internal sealed class SourceDocuments
{
    private volatile PolicyDocuments _latest = PolicyDocuments.None;
    private volatile ImmutableArrayBox _status = new([]);
    private PolicyDocuments _taken = PolicyDocuments.None;
    private Dictionary<string, DocumentSlot> _slots = [];

    /// <summary>The name of the source.</summary>
    public string Name { get; set; } = "";

    /// <summary>What the source said last; any thread may write it.</summary>
    public PolicyDocuments Latest
    {
        get => _latest;
        set => _latest = value;
    }

    /// <summary>Takes the documents that are good, or were before they became bad, after each reading.</summary>
    public Action<ImmutableArray<PolicyDocument>>? OnGood { get; set; }

    /// <summary>What has become of each document.</summary>
    public ImmutableArray<PolicyDocumentStatus> Status => _status.Items;

    /// <summary>The documents, those that count more later.</summary>
    public IReadOnlyList<DocumentSlot> Slots { get; private set; } = [];

    /// <summary>Takes what the source said last. Documents that did not change are not read again.</summary>
    /// <param name="read">Reads a document.</param>
    public void Refresh(Func<PolicyDocument, CheckedDocument> read)
    {
        PolicyDocuments latest = _latest;
        if (ReferenceEquals(latest, _taken))
        {
            return;
        }

        _taken = latest;
        Dictionary<string, DocumentSlot> before = _slots;
        _slots = new Dictionary<string, DocumentSlot>(StringComparer.Ordinal);
        Dictionary<string, string> keyOf = KeysOfServices(latest, before);
        List<DocumentSlot> ordered = [];
        foreach (PolicyDocument document in latest.Documents.OrderBy(static d => d.Service is not null).ThenBy(static d => d.Key, StringComparer.Ordinal))
        {
            // A key that is there twice is the source's own mistake; the first one counts.
            var fresh = new DocumentSlot(document.Key) { Present = CheckedDocument.Unread(document) };
            DocumentSlot slot = before.GetValueOrDefault(document.Key, fresh);
            if (!_slots.TryAdd(document.Key, slot))
            {
                continue;
            }

            ordered.Add(slot);
            string? other = document.Service is { } service && keyOf[service] != document.Key ? keyOf[service] : null;
            if (other is not null)
            {
                slot.Present = CheckedDocument.SecondTo(other, document);
            }
            else if (slot.Present.IsAside || slot.Present.Document != document)
            {
                slot.Present = read(document);
            }
        }

        Slots = ordered;
    }

    /// <summary>Lets the others see what has become of the documents.</summary>
    public void Publish()
    {
        _status = new([.. Slots.Select(static s => s.Status)]);
        OnGood?.Invoke([.. Slots.Where(static s => !s.Present.IsAside).Select(static s => s.LastGood?.Document).OfType<PolicyDocument>()]);
    }

    /// <summary>Which document speaks for a service: the one that did before, otherwise the first.</summary>
    private static Dictionary<string, string> KeysOfServices(PolicyDocuments documents, Dictionary<string, DocumentSlot> before)
    {
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (PolicyDocument document in documents.Documents.Where(static d => d.Service is not null)
            .OrderBy(d => before.GetValueOrDefault(d.Key)?.InForce is null)
            .ThenBy(static d => d.Key, StringComparer.Ordinal))
        {
            keys.TryAdd(document.Service!, document.Key);
        }

        return keys;
    }

    private sealed record ImmutableArrayBox(ImmutableArray<PolicyDocumentStatus> Items);
}
