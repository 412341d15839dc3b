using Mesh.Client.Model;

namespace Mesh.Client.Discovery.Cache;

/// <summary>What the cache holds of one service. Used by the watch task of the service alone where nothing else is said.</summary>
internal sealed class CachePage(EndpointCache cache, string service, TimeProvider clock)
{
    private CachedAnswer? _good;

    /// <summary>Whether the answer was last written so long ago that <see cref="Keep"/> would write it again. May be asked by any thread.</summary>
    public bool IsStale => _good is { Doubted: null } good && clock.GetUtcNow() - good.AsOf >= EndpointCache.Refresh;

    /// <summary>Reads the last good answer.</summary>
    public Task<CachedAnswer?> ReadAsync() => cache.ReadAsync(service);

    /// <summary>Takes over an answer that was read and is in use.</summary>
    public void Take(CachedAnswer answer) => _good ??= answer;

    /// <summary>A source stands by an answer. Costs nothing as long as it is the one before.</summary>
    public void Keep(string source, EndpointSet set)
    {
        if (_good is { Doubted: null } good && ReferenceEquals(good.Set, set) && good.Source == source && clock.GetUtcNow() - good.AsOf < EndpointCache.Refresh)
        {
            return;
        }

        _good = new CachedAnswer(source, set, clock.GetUtcNow());
        cache.Write(service, _good);
    }

    /// <summary>The sources say that there is no endpoint and are not sure.</summary>
    /// <param name="grace">How long such an answer is held.</param>
    /// <returns>What is left of that: a process that starts in the middle of it does not begin it anew, or a service that is gone would come back with each start.</returns>
    public TimeSpan Doubt(TimeSpan grace)
    {
        if (_good is null)
        {
            return grace;
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (_good.Doubted is { } since && since <= now)
        {
            return now - since < grace ? grace - (now - since) : TimeSpan.Zero;
        }

        _good = _good with { Doubted = now };
        cache.Write(service, _good);
        return grace;
    }

    /// <summary>The service has no endpoint any more, for sure.</summary>
    public void Remove()
    {
        _good = null;
        cache.Remove(service);
    }
}
