using System.Diagnostics.Metrics;

namespace Mesh.Client.Telemetry.Metrics;

/// <summary>What was counted for one subject, in each of a few words. A call adds to a number; attributes are made when somebody collects.</summary>
/// <param name="subject">The attributes of the subject.</param>
/// <param name="wordTag">The attribute of the word.</param>
/// <param name="words">The words.</param>
internal sealed class WordCounts(KeyValuePair<string, object?>[] subject, string wordTag, string[] words)
{
    private readonly long[] _counts = new long[words.Length];

    /// <summary>How often a word came up.</summary>
    /// <param name="word">The place of the word among the words.</param>
    public long this[int word] => Volatile.Read(ref _counts[word]);

    /// <summary>Counts one more.</summary>
    /// <param name="word">The place of the word among the words.</param>
    public void Add(int word) => Interlocked.Increment(ref _counts[word]);

    /// <summary>The counts of the words that came up.</summary>
    public IEnumerable<Measurement<long>> Read()
    {
        for (int i = 0; i < words.Length; i++)
        {
            if (this[i] is > 0 and long count)
            {
                yield return new Measurement<long>(count, [.. subject, new(wordTag, words[i])]);
            }
        }
    }
}
