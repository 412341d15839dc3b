using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Mesh.Client.Model;

namespace Mesh.Client.Telemetry.Metrics;

/// <summary>The attempts by endpoint, where they are asked for. What was counted for an endpoint goes with it.</summary>
internal sealed class EndpointCounts
{
    /// <summary>So many endpoints are told.</summary>
    public const int MaxEndpoints = 10_000;

    private readonly ConditionalWeakTable<object, WordCounts> _counts = [];

    /// <summary>Where the attempts of an endpoint are counted, by <see cref="Outcome"/>.</summary>
    /// <param name="owner">The endpoint's live state, which keeps them alive.</param>
    /// <param name="service">The service.</param>
    /// <param name="endpoint">The host and the port.</param>
    public WordCounts Of(object owner, string service, string endpoint) => _counts.TryGetValue(owner, out WordCounts? known)
        ? known
        : _counts.GetValue(owner, _ => new WordCounts([new(TagNames.Service, service), new(TagNames.Endpoint, endpoint)], TagNames.Outcome, OutcomeWords.OfAttempts));

    /// <summary>What was counted for those that are listed now.</summary>
    public IEnumerable<Measurement<long>> Read(IEnumerable<object> owners)
    {
        int told = 0;
        foreach (object owner in owners)
        {
            if (!_counts.TryGetValue(owner, out WordCounts? counts))
            {
                continue;
            }

            if (told++ == MaxEndpoints)
            {
                yield break;
            }

            foreach (Measurement<long> count in counts.Read())
            {
                yield return count;
            }
        }
    }
}
