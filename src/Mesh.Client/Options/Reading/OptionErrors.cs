using System.Globalization;
using Mesh.Client.Options.Tree;

namespace Mesh.Client.Options.Reading;

/// <summary>Collects what is wrong with a configuration: each error with its key, its value and the remedy.</summary>
internal sealed class OptionErrors
{
    /// <summary>The rest is counted only.</summary>
    public const int MaxListed = 100;

    private const int MaxValue = 100;
    private const int MaxKey = 250;
    private readonly List<string> _listed = [];

    public int Count { get; private set; }

    /// <summary>Whether only errors of single keys are taken, and none that several values make together.</summary>
    public bool OfSingleKeys { get; init; }

    /// <summary>Whether a further error would be counted only, so that its words need not be made.</summary>
    public bool IsFull => Count >= MaxListed;

    public void Add(ConfigNode node, string problem)
    {
        if (!CountOnly())
        {
            List(node.Path, node.Value, problem);
        }
    }

    public void Add(string key, string? value, string problem)
    {
        if (!OfSingleKeys && !CountOnly())
        {
            List(key, value, problem);
        }
    }

    /// <summary>Takes a line that was made elsewhere.</summary>
    /// <param name="line">The line.</param>
    /// <param name="ofSingleKey">Whether it speaks of a single key.</param>
    public void Take(string line, bool ofSingleKey)
    {
        if ((ofSingleKey || !OfSingleKeys) && !CountOnly())
        {
            _listed.Add(line);
        }
    }

    /// <summary>One line for each error, and one for those that are not listed.</summary>
    public IReadOnlyList<string> ToLines() =>
        Count > MaxListed ? [.. _listed, string.Create(CultureInfo.InvariantCulture, $"and {Count - MaxListed} more")] : [.. _listed];

    /// <summary>Text from outside, made fit for one line of a log.</summary>
    public static string Clean(string text, int most)
    {
        bool cut = text.Length > most;
        string kept = cut ? text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] : text;
        return string.Create(kept.Length + (cut ? 1 : 0), kept, static (span, source) =>
        {
            span[^1] = '…';
            for (int i = 0; i < source.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? '\uFFFD' : source[i];
            }
        });
    }

    private bool CountOnly() => ++Count > MaxListed;

    private void List(string key, string? value, string problem)
    {
        string subject = Clean(key, MaxKey);
        _listed.Add(string.IsNullOrEmpty(value) ? $"{subject} {problem}." : $"{subject} = \"{Clean(value, MaxValue)}\" {problem}.");
    }
}
