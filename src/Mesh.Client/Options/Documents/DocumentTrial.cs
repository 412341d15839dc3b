namespace Mesh.Client.Options.Documents;

/// <summary>
/// Finds the most documents that go together. All are tried at once. Where that has errors, each is tried by itself, over nothing but the services that it speaks of, and those that are good
/// alone are tried together; only where these do not go together either, each half by itself. So the work grows with the number of documents and not with its square, however many are bad. What
/// is tried first stays when it does not go together with what is tried later.
/// </summary>
internal sealed class DocumentTrial
{
    private readonly CheckedDocument?[] _chosen;
    private readonly Func<IEnumerable<CheckedDocument>, IReadOnlySet<string>?, TrialResult> _read;

    // Where documents stand that speak of a service, and those that speak of all: only these are read with a document that is tried by itself.
    private readonly Dictionary<string, SortedSet<int>> _places = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<int> _placesOfAll = [];

    /// <summary>Makes the trial.</summary>
    /// <param name="options">What the configuration comes to without documents.</param>
    /// <param name="chosen">Takes the documents that go together, each at its place in the order of the layers.</param>
    /// <param name="read">Reads the configuration with documents over it: the whole, or no other services than those named.</param>
    public DocumentTrial(MeshOptions options, CheckedDocument?[] chosen, Func<IEnumerable<CheckedDocument>, IReadOnlySet<string>?, TrialResult> read)
    {
        Options = options;
        _chosen = chosen;
        _read = read;
    }

    /// <summary>What the documents chosen so far come to.</summary>
    public MeshOptions Options { get; private set; }

    /// <summary>Adds what is good of these.</summary>
    /// <param name="wanted">Places, and what is to stand there, those that come first before the others.</param>
    /// <param name="first">How many of them come first, whatever the others are.</param>
    /// <param name="refuse">Takes each place whose document is not good, with its errors.</param>
    public void Add(ReadOnlySpan<(int Place, CheckedDocument Document)> wanted, int first, Action<int, IReadOnlyList<string>> refuse)
    {
        if (wanted.IsEmpty || TryAll(wanted).Count == 0)
        {
            return;
        }

        if (wanted.Length > first && first > 0)
        {
            Add(wanted[..first], first, refuse);
            Add(wanted[first..], wanted.Length - first, refuse);
            return;
        }

        List<(int, CheckedDocument)> good = [];
        List<(int, CheckedDocument)> doubtful = [];
        foreach ((int Place, CheckedDocument Document) one in wanted)
        {
            (Alone([one]).Count == 0 ? good : doubtful).Add(one);
        }

        if (doubtful.Count > 0)
        {
            AddTogether([.. good], refuse);
            AddTogether([.. WithOthers(doubtful, refuse)], refuse);
        }
        else
        {
            Halve(wanted, refuse);
        }
    }

    // What does not go with the configuration alone may still go with another document, now that the others are known.
    private List<(int Place, CheckedDocument Document)> WithOthers(List<(int Place, CheckedDocument Document)> doubtful, Action<int, IReadOnlyList<string>> refuse)
    {
        List<(int, CheckedDocument)> good = [];
        foreach (IGrouping<string, (int Place, CheckedDocument Document)> service in doubtful.GroupBy(static d => d.Document.Document.Service ?? "", StringComparer.OrdinalIgnoreCase))
        {
            (int Place, CheckedDocument Document)[] all = [.. service];
            if (all.Length > 1 && service.Key.Length > 0 && Alone(all).Count == 0)
            {
                good.AddRange(all);
                continue;
            }

            foreach ((int Place, CheckedDocument Document) one in all)
            {
                IReadOnlyList<string> errors = Alone([one]);
                if (errors.Count == 0)
                {
                    good.Add(one);
                }
                else
                {
                    refuse(one.Place, errors);
                }
            }
        }

        return good;
    }

    private void AddTogether(ReadOnlySpan<(int Place, CheckedDocument Document)> wanted, Action<int, IReadOnlyList<string>> refuse)
    {
        if (wanted.IsEmpty || TryAll(wanted) is not { Count: > 0 } errors)
        {
            return;
        }

        if (wanted.Length == 1)
        {
            refuse(wanted[0].Place, errors);
        }
        else
        {
            Halve(wanted, refuse);
        }
    }

    private void Halve(ReadOnlySpan<(int Place, CheckedDocument Document)> wanted, Action<int, IReadOnlyList<string>> refuse)
    {
        int half = wanted.Length / 2;
        AddTogether(wanted[..half], refuse);
        AddTogether(wanted[half..], refuse);
    }

    /// <summary>Tries documents with all that were chosen; they stay chosen where that has no errors.</summary>
    private IReadOnlyList<string> TryAll(ReadOnlySpan<(int Place, CheckedDocument Document)> wanted)
    {
        foreach ((int place, CheckedDocument document) in wanted)
        {
            _chosen[place] = document;
        }

        TrialResult result = _read(_chosen.OfType<CheckedDocument>(), null);
        if (result.Errors.Count == 0)
        {
            Options = result.Options;
            foreach ((int place, CheckedDocument document) in wanted)
            {
                Remember(place, document);
            }

            return [];
        }

        foreach ((int place, _) in wanted)
        {
            _chosen[place] = null;
        }

        return result.Errors;
    }

    /// <summary>What is wrong with documents over those chosen, as far as the services go that they speak of.</summary>
    private IReadOnlyList<string> Alone(ReadOnlySpan<(int Place, CheckedDocument Document)> few)
    {
        HashSet<string> services = new(StringComparer.OrdinalIgnoreCase);
        SortedDictionary<int, CheckedDocument> layers = [];
        foreach ((_, CheckedDocument document) in few)
        {
            services.UnionWith(document.Services);
        }

        foreach (int place in services.SelectMany(s => _places.GetValueOrDefault(s) ?? []).Concat(_placesOfAll))
        {
            if (_chosen[place] is { } chosen)
            {
                layers[place] = chosen;
            }
        }

        foreach ((int place, CheckedDocument document) in few)
        {
            layers[place] = document;
        }

        return _read(layers.Values, services).Errors;
    }

    private void Remember(int place, CheckedDocument document)
    {
        if (document.SetsDefaults)
        {
            _placesOfAll.Add(place);
        }

        foreach (string service in document.Services)
        {
            if (!_places.TryGetValue(service, out SortedSet<int>? places))
            {
                _places.Add(service, places = []);
            }

            places.Add(place);
        }
    }
}
