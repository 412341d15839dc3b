using System.Collections;
using System.Collections.Immutable;

namespace Mesh.Client.Model;

/// <summary>An immutable set of labels with value equality. Keys and values are compared to the letter.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1710", Justification = "The field's word for it.")]
public sealed class LabelSet : IReadOnlyDictionary<string, string>, IEquatable<LabelSet>
{
    private readonly ImmutableSortedDictionary<string, string> _labels;
    private readonly int _hash;

    private LabelSet(ImmutableSortedDictionary<string, string> labels)
    {
        _labels = labels;
        var hash = new HashCode();
        foreach ((string key, string value) in labels)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The set without a label.</summary>
    public static LabelSet Empty { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <inheritdoc/>
    public int Count => _labels.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _labels.Keys;

    /// <inheritdoc/>
    public IEnumerable<string> Values => _labels.Values;

    /// <inheritdoc/>
    public string this[string key] => _labels[key];

    /// <summary>Makes a set of the given labels; of two labels with one key the later one counts.</summary>
    /// <param name="labels">The labels.</param>
    public static LabelSet Create(IEnumerable<KeyValuePair<string, string>> labels)
    {
        ImmutableSortedDictionary<string, string> map = Empty._labels.SetItems(labels);
        return map.IsEmpty ? Empty : new LabelSet(map);
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _labels.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out string value) => _labels.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _labels.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(LabelSet? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        return other is not null && _hash == other._hash && _labels.SequenceEqual(other._labels);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The labels as <c>key=value</c>, in the order of their keys, separated by commas.</summary>
    public override string ToString() => string.Join(",", _labels.Select(static l => $"{l.Key}={l.Value}"));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
