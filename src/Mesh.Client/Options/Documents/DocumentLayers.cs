using Mesh.Client.Options.Tree;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Options.Documents;

/// <summary>
/// The documents of all sources, put over the configuration. A bad document is refused by itself: its last good form stays, and the others apply. The configuration
/// comes first: a document that does not go with it gives way.
/// </summary>
internal sealed class DocumentLayers(ILogger logger)
{
    /// <summary>So many refusals of one reading are logged each by itself.</summary>
    public const int MaxLogged = 20;

    private volatile SourceDocuments[] _sources = [];

    /// <summary>The documents in force, those that count more later. For the one reader at a time.</summary>
    public IEnumerable<(string Name, CheckedDocument Document)> InForce => _sources.SelectMany(static s => s.Slots, static (s, d) => ($"{s.Name}: {d.Key}", d.InForce)).Where(static d => d.InForce is not null)!;

    /// <summary>Makes room for sources, the one that counts least first.</summary>
    public void Follow(IEnumerable<SourceDocuments> sources) => _sources = [.. _sources, .. sources];

    /// <summary>Puts what the sources said last over the configuration. One reader at a time.</summary>
    /// <param name="mesh">The configuration, valid.</param>
    /// <param name="options">What it comes to.</param>
    /// <param name="check">Says what is wrong with the keys and values of a tree by themselves.</param>
    /// <param name="read">Reads the configuration with documents over it: the whole, or no other services than those named.</param>
    public MeshOptions Apply(ConfigTree mesh, MeshOptions options, Func<ConfigTree, IReadOnlyList<string>> check, Func<ConfigTree, IReadOnlySet<string>?, TrialResult> read)
    {
        SourceDocuments[] sources = _sources;
        foreach (SourceDocuments source in sources)
        {
            source.Refresh(d => CheckedDocument.Read(d, layer => check(ConfigTree.Read(mesh.Root.Path, [layer], ListPositions.InMesh))));
        }

        (SourceDocuments Source, DocumentSlot Slot)[] slots = [.. sources.SelectMany(static s => s.Slots.Select(d => (s, d)))];
        if (slots.Length > 0)
        {
            options = Choose(slots, options, (documents, only) => read(mesh.With(documents.Select(static d => d.Layer!), only), only));
        }

        foreach (SourceDocuments source in sources)
        {
            source.Publish();
        }

        return options;
    }

    private MeshOptions Choose((SourceDocuments Source, DocumentSlot Slot)[] slots, MeshOptions options, Func<IEnumerable<CheckedDocument>, IReadOnlySet<string>?, TrialResult> read)
    {
        var chosen = new CheckedDocument?[slots.Length];
        IReadOnlyList<string>[] errors = [.. slots.Select(static s => s.Slot.Present.Errors)];
        var trial = new DocumentTrial(options, chosen, read);

        // What is in force already comes first: of two that do not go together the new one is refused.
        (int Place, CheckedDocument Document)[] wanted =
            [.. Places(slots, (slot, i) => errors[i].Count == 0 ? slot.Present : LastGood(slot)).OrderBy(w => slots[w.Place].Slot.InForce != w.Document)];
        trial.Add(
            wanted,
            wanted.Count(w => slots[w.Place].Slot.InForce == w.Document),
            (place, found) => errors[place] = errors[place].Count == 0 ? found : errors[place]);
        trial.Add([.. Places(slots, (slot, i) => chosen[i] is null && LastGood(slot) is { } good && good != slot.Present ? good : null)], 0, static (_, _) => { });

        int logged = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            (SourceDocuments source, DocumentSlot slot) = slots[i];
            if (slot.Settle(chosen[i], errors[i]) && ++logged <= MaxLogged)
            {
                string instead = slot.InForce is null ? "the configuration applies without it" : "its last good form stays in force";
                Log.DocumentRefused(logger, source.Name, slot.Key, instead, string.Join(Environment.NewLine, errors[i]));
            }
        }

        if (logged > MaxLogged)
        {
            Log.DocumentsRefused(logger, logged - MaxLogged);
        }

        return trial.Options;
    }

    private static CheckedDocument? LastGood(DocumentSlot slot) => slot.Present.IsAside ? null : slot.LastGood;

    private static IEnumerable<(int Place, CheckedDocument Document)> Places((SourceDocuments Source, DocumentSlot Slot)[] slots, Func<DocumentSlot, int, CheckedDocument?> pick)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            if (pick(slots[i].Slot, i) is { } document)
            {
                yield return (i, document);
            }
        }
    }
}
