using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Client.Tests.Discovery;

/// <summary>A source that says that it fails, and goes on trying by itself.</summary>
public sealed class FailingSourceTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeSource _high = new("High");
    private readonly FakeSource _low = new("Low");

    [Fact]
    public async Task WatchAsync_FailsAfterAnAnswer_KeepsItAndTheWatch()
    {
        _high.First = static () => FakeSource.Found(1);
        await using Follower follower = Follow();
        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "High");

        _high.Say(EndpointUpdate.Failing(new IOException("down")));
        await Until.HoldsAsync(() => follower.Last!.IsFailing);

        Assert.Equal([1], FakeSource.HostsOf(follower.Last!.Update));
        Assert.Equal(0, _low.Starts);
        _high.Say(FakeSource.Found(1));
        await Until.HoldsAsync(() => !follower.Last!.IsFailing);
        Assert.Equal((1, 1), (_high.Starts, _high.Watching));
    }

    [Fact]
    public async Task WatchAsync_FailsBeforeAnyAnswer_AsksTheNextUntilItAnswers()
    {
        _high.First = static () => EndpointUpdate.Failing(new IOException("down"));
        _low.First = static () => FakeSource.Found(2);
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "Low");
        Assert.Equal("High: failed (down), Low: 1 found", follower.Last!.Asked);
        _high.Say(FakeSource.Found(1));
        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "High");
        await Until.HoldsAsync(() => _low.Watching == 0);
        Assert.Equal(1, _high.Starts);
    }

    [Fact]
    public async Task WatchAsync_FailsWithoutAReason_IsRefused()
    {
        _high.First = static () => new SourceFailing(null!);
        _low.First = static () => FakeSource.Found(2);
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "Low");

        Assert.Contains("High: failed (its answer cannot be used", follower.Last!.Asked, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(static () => EndpointUpdate.Failing(null!));
    }

    private Follower Follow() => new(new OrderedSources([_high, _low], _clock, new SeededRandom(1), NullLogger.Instance));
}
