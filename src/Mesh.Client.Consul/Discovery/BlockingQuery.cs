using Mesh.Client.Consul.Api;

namespace Mesh.Client.Consul.Discovery;

/// <summary>One question that is asked again and again, each time for what is new: its index, its pace, and what of the answers may be used.</summary>
internal sealed class BlockingQuery(ConsulDiscovery shared)
{
    private readonly QueryPace _pace = new(shared.Clock);
    private bool _isNews;

    public BlockingIndex Index { get; } = new();

    /// <summary>How long to wait before the next question.</summary>
    public TimeSpan Pause => _pace.AfterAnswer(_isNews && !Index.AskLeader);

    /// <summary>Asks, and waits for a change.</summary>
    /// <param name="query">The question; the rest of it is filled in here.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>The answer; <see langword="null"/> where it may not be used, and the leader must say it first.</returns>
    /// <exception cref="ConsulException">It was not answered, or by a server that knows no leader.</exception>
    public async Task<ConsulAnswer?> AskAsync(ConsulQuery query, CancellationToken cancellationToken)
    {
        ConsulPolicy policy = shared.Client.Policy;
        TimeSpan wait = query.Wait > TimeSpan.Zero && query.Wait < policy.WaitTime ? query.Wait : policy.WaitTime;
        query = query with
        {
            Stale = policy.StaleReads && !Index.AskLeader,
            Index = Index.Next,
            Wait = wait - (wait * 0.1 * shared.Random.NextDouble()),
        };
        _pace.OnAsk();
        ConsulAnswer answer = await shared.Client.GetAsync(query, cancellationToken).ConfigureAwait(false);
        if (answer.KnownLeader)
        {
            _isNews = answer.Index != query.Index;
            if (Index.Take(answer.Index, fromLeader: !query.Stale))
            {
                return answer;
            }
        }

        answer.Dispose();
        return answer.KnownLeader
            ? null
            : throw new ConsulException($"GET /v1/{query.Path} was answered by a server that knows no leader, whose data may be of any age", isOutage: true);
    }
}
