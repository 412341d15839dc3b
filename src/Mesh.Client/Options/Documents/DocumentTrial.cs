namespace Mesh.Client.Options.Documents;

/// <summary>
/// Finds the most documents that go together: all are tried at once, and where that has errors each half by itself, so that a few bad ones among a thousand
/// take a few dozen tries. What is tried first stays when it does not go together with what is tried later.
/// </summary>
internal sealed class DocumentTrial(MeshOptions options, CheckedDocument?[] chosen, Func<IEnumerable<CheckedDocument>, TrialResult> read)
{
    /// <summary>What the documents chosen so far come to.</summary>
    public MeshOptions Options { get; private set; } = options;

    /// <summary>Adds what is good of these.</summary>
    /// <param name="wanted">Places in the order of the layers, and what is to stand there.</param>
    /// <param name="refuse">Takes each place whose document is not, with its errors.</param>
    public void Add(ReadOnlySpan<(int Place, CheckedDocument Document)> wanted, Action<int, IReadOnlyList<string>> refuse)
    {
        if (wanted.IsEmpty)
        {
            return;
        }

        foreach ((int place, CheckedDocument document) in wanted)
        {
            chosen[place] = document;
        }

        TrialResult result = read(chosen.OfType<CheckedDocument>());
        if (result.Errors.Count == 0)
        {
            Options = result.Options;
            return;
        }

        foreach ((int place, _) in wanted)
        {
            chosen[place] = null;
        }

        if (wanted.Length == 1)
        {
            refuse(wanted[0].Place, result.Errors);
            return;
        }

        int half = wanted.Length / 2;
        Add(wanted[..half], refuse);
        Add(wanted[half..], refuse);
    }
}
