using System.Globalization;
using System.Runtime.InteropServices;

namespace Mesh.Chaos.Load;

/// <summary>All calls of a run: numbers of those that went well, the others one by one.</summary>
internal sealed class CallBook
{
    private const int MaxKept = 100_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<CallResult> _bad = [];
    private readonly List<int> _admitted = [];
    private readonly HashSet<string> _acknowledged = [];
    private int _total;

    public int Total => _total;

    /// <summary>Calls by caller, kind, verdict and reason.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Those that did not go well, quota apart.</summary>
    public IReadOnlyList<CallResult> Bad => _bad;

    /// <summary>When calls under the quota were let pass.</summary>
    public IReadOnlyList<int> Admitted => _admitted;

    /// <summary>The ids of POSTs that were answered well.</summary>
    public IReadOnlySet<string> Acknowledged => _acknowledged;

    /// <summary>The id of a POST.</summary>
    public static string Id(string caller, int number) => string.Create(CultureInfo.InvariantCulture, $"{caller}-{number}");

    public void Add(in CallResult call)
    {
        string key = $"{call.Caller} {call.Kind} {call.Verdict}{(call.Reason.Length > 0 ? " " : "")}{call.Reason}";
        bool isQuota = call.Kind is CallKind.Metered && call is { Verdict: Verdict.Refused, Reason: "rate_limited" };
        lock (_gate)
        {
            _total++;
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
            if (call.Kind is CallKind.Metered && !isQuota)
            {
                _admitted.Add(call.Start);
            }

            if (call is { Kind: CallKind.Post, Verdict: Verdict.Ok })
            {
                _acknowledged.Add(Id(call.Caller, call.Number));
            }

            if (call.Verdict is not Verdict.Ok && !isQuota && _bad.Count < MaxKept)
            {
                _bad.Add(call);
            }
        }
    }

    /// <summary>How many calls of a caller the mesh refused, by reason.</summary>
    public Dictionary<string, int> Refusals(string caller)
    {
        lock (_gate)
        {
            Dictionary<string, int> refusals = [];
            foreach ((string key, int count) in _counts)
            {
                if (key.Split(' ', 4) is [var who, _, nameof(Verdict.Refused), var reason] && who == caller)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(refusals, reason, out _) += count;
                }
            }

            return refusals;
        }
    }
}
