using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mesh.Client.Telemetry.Metrics;

/// <summary>
/// Counts by subject. They go on for as long as the process, whoever counts meanwhile: a service that nobody called for a while, or a limit that a reload replaced, would otherwise make a counter fall.
/// </summary>
/// <param name="wordTag">The attribute of the word.</param>
/// <param name="words">The words.</param>
internal sealed class CountTable(string wordTag, params string[] words)
{
    /// <summary>So many subjects are told; what comes beyond is counted for nobody.</summary>
    public const int MaxSubjects = 10_000;

    private readonly ConcurrentDictionary<(string, string), WordCounts> _subjects = new();

    /// <summary>The counts of a subject, which its holder keeps.</summary>
    /// <param name="scopeTag">The attribute of the scope.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="nameTag">The attribute of the name.</param>
    /// <param name="name">The name within the scope; empty where there is none.</param>
    public WordCounts Of(string scopeTag, string scope, string nameTag = "", string name = "")
    {
        if (_subjects.TryGetValue((scope, name), out WordCounts? known))
        {
            return known;
        }

        var counts = new WordCounts(name.Length == 0 ? [new(scopeTag, scope)] : [new(scopeTag, scope), new(nameTag, name)], wordTag, words);
        return _subjects.Count < MaxSubjects ? _subjects.GetOrAdd((scope, name), counts) : counts;
    }

    public IEnumerable<Measurement<long>> Read() => _subjects.Values.SelectMany(static s => s.Read());
}
