using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Client.Tests.Discovery;

/// <summary>Who is asked, and whose word counts.</summary>
public sealed class OrderedSourcesTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeSource _high = new("High");
    private readonly FakeSource _low = new("Low");

    [Fact]
    public async Task WatchAsync_TheFirstSourceKnows_AsksNoOther()
    {
        _high.First = static () => FakeSource.Found(1);
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.Last?.Source == "High");
        await _clock.SettleAsync();

        Assert.Equal([1], FakeSource.HostsOf(follower.Last!.Update));
        Assert.Equal("orders", _high.ServiceName);
        Assert.Equal(0, _low.Starts);
        Assert.Equal("High: 1 found, Low: not asked", follower.Last.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WatchAsync_TheFirstSourceKnowsThatThereIsNone_AsksNoOther(bool confirmed)
    {
        _high.First = () => EndpointUpdate.Empty(confirmed);
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.LastAnswer is not null);
        await _clock.SettleAsync();

        Assert.Equal(EndpointUpdate.Empty(confirmed), follower.Last!.Update);
        Assert.Equal(0, _low.Starts);
    }

    [Fact]
    public async Task WatchAsync_TheFirstSourceDoesNotKnow_AsksTheNext()
    {
        _high.First = static () => EndpointUpdate.NotFound;
        _low.First = static () => FakeSource.Found(1, 2);
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "Low");

        Assert.Equal("High: not found, Low: 2 found", follower.Last!.Asked);
        Assert.Equal(1, _high.Watching);
    }

    [Fact]
    public async Task WatchAsync_NobodyKnows_SaysSoAndWhoWasAsked()
    {
        _high.First = _low.First = static () => EndpointUpdate.NotFound;
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.LastAnswer is not null);

        Assert.Equal(EndpointUpdate.NotFound, follower.Last!.Update);
        Assert.Equal("High: not found, Low: not found", follower.Last.Asked);
        Assert.Equal("", follower.Last.Source);
    }

    [Fact]
    public async Task WatchAsync_TheFirstSourceFailsBeforeAnyAnswer_AsksTheNext()
    {
        _high.First = static () => throw new IOException("registry is down");
        _low.First = static () => FakeSource.Found(1);
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "Low");

        Assert.Contains("High: failed (registry is down)", follower.Last!.Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchAsync_ASourceFailsAndTheOthersDoNotKnow_IsNoWordThatNobodyKnows()
    {
        // The one that failed might know it: an outage of the registry must not read as "no such service".
        _high.First = static () => throw new IOException("registry is down");
        _low.First = static () => EndpointUpdate.NotFound;
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.Last?.Asked.Contains("Low: not found", StringComparison.Ordinal) == true);
        await _clock.SettleAsync();

        Assert.Null(follower.LastAnswer);
        Assert.Equal("High: failed (registry is down), Low: not found", follower.Last!.Asked);
    }

    [Fact]
    public async Task WatchAsync_TheFirstSourceSaysNothing_NamesItAndAsksNoOther()
    {
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.Last is not null);
        await _clock.SettleAsync();

        Assert.Null(follower.Last!.Update);
        Assert.Equal("High: no answer yet, Low: not asked", follower.Last.Asked);
        Assert.Equal(0, _low.Starts);
    }

    [Fact]
    public async Task WatchAsync_TheSecondSourceSaysNothing_NamesBoth()
    {
        _high.First = static () => EndpointUpdate.NotFound;
        await using Follower follower = Follow();

        await Until.HoldsAsync(() => follower.Last?.Asked == "High: not found, Low: no answer yet");

        Assert.Null(follower.LastAnswer);
    }

    [Fact]
    public async Task WatchAsync_AFailureAfterAnAnswer_KeepsTheWord()
    {
        _high.First = static () => FakeSource.Found(1);
        await using Follower follower = Follow();
        await Until.HoldsAsync(() => follower.LastAnswer is not null);

        _high.First = null;
        _high.Fail(new IOException("gone"));
        await Until.HoldsAsync(() => _high.Watching == 0);
        await _clock.AdvanceUntilAsync(() => _high.Starts == 2, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal("High", follower.LastAnswer!.Source);
        Assert.Equal(0, _low.Starts);
        _high.Say(FakeSource.Found(7));
        await Until.HoldsAsync(() => FakeSource.HostsOf(follower.LastAnswer.Update) is [7]);
    }

    [Fact]
    public async Task WatchAsync_AFailureAfterNotFound_StaysNotFound()
    {
        _high.First = static () => EndpointUpdate.NotFound;
        _low.First = static () => FakeSource.Found(1);
        await using Follower follower = Follow();
        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "Low");

        _high.First = null;
        _high.Fail(new IOException("gone"));
        await Until.HoldsAsync(() => _high.Watching == 0);
        await _clock.SettleAsync();

        Assert.Equal("Low", follower.LastAnswer!.Source);
        Assert.Equal(1, _low.Watching);
    }

    [Fact]
    public async Task WatchAsync_AHigherSourceComesToKnow_TakesOverAndEndsTheLowerWatch()
    {
        _high.First = static () => EndpointUpdate.NotFound;
        _low.First = static () => FakeSource.Found(1);
        await using Follower follower = Follow();
        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "Low");

        _high.Say(FakeSource.Found(2));

        await Until.HoldsAsync(() => follower.LastAnswer!.Source == "High" && _low.Watching == 0);
        Assert.Equal("High: 1 found, Low: not asked", follower.Last!.Asked);
    }

    [Fact]
    public async Task WatchAsync_AHigherSourceThatFailedComesToKnow_TakesOver()
    {
        _high.First = static () => throw new IOException("registry is down");
        _low.First = static () => FakeSource.Found(1);
        await using Follower follower = Follow();
        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "Low" && _high.Watching == 0);

        _high.First = static () => FakeSource.Found(2);
        await _clock.AdvanceUntilAsync(() => follower.LastAnswer!.Source == "High", TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await Until.HoldsAsync(() => _low.Watching == 0);
    }

    [Fact]
    public async Task WatchAsync_TheHigherSourceForgets_AsksTheLowerAgainAndKeepsTheWordMeanwhile()
    {
        _high.First = static () => FakeSource.Found(1);
        await using Follower follower = Follow();
        await Until.HoldsAsync(() => follower.LastAnswer is not null);

        _high.Say(EndpointUpdate.NotFound);
        await Until.HoldsAsync(() => _low.Watching == 1);
        await _clock.SettleAsync();
        Assert.Equal("High", follower.LastAnswer!.Source);
        _low.Say(FakeSource.Found(2));

        await Until.HoldsAsync(() => follower.LastAnswer.Source == "Low");
        Assert.DoesNotContain(follower.Updates, static u => u.Update is ServiceNotFound);
    }

    [Fact]
    public async Task WatchAsync_AStoppedSourceGoesOnTalking_IsNotHeard()
    {
        _high.First = static () => EndpointUpdate.NotFound;
        _low.First = static () => FakeSource.Found(1);
        _low.IgnoresCancellation = true;
        await using Follower follower = Follow();
        await Until.HoldsAsync(() => follower.LastAnswer?.Source == "Low");
        _high.Say(FakeSource.Found(2));
        await Until.HoldsAsync(() => follower.LastAnswer!.Source == "High");

        _low.Say(FakeSource.Found(9));
        _low.End();
        await Until.HoldsAsync(() => _low.Watching == 0);
        await _clock.AdvanceUntilAsync(() => _clock.ActiveTimers == 0, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal("High", follower.LastAnswer!.Source);
        Assert.Equal(1, _low.Starts);
    }

    [Fact]
    public async Task WatchAsync_HundredsOfUpdatesToASlowReader_KeepsOnlyTheNewest()
    {
        using var free = new SemaphoreSlim(0);
        _high.First = static () => FakeSource.Found(0);
        await using var follower = new Follower(Sources(_high), () => free.WaitAsync(TestContext.Current.CancellationToken));
        await Until.HoldsAsync(() => _high.Watching == 1 && follower.Updates.Count == 1);

        for (int i = 1; i <= 500; i++)
        {
            _high.Say(FakeSource.Found(i));
        }

        _high.End();
        await Until.HoldsAsync(() => _high.Watching == 0);
        free.Release(1000);

        await Until.HoldsAsync(() => FakeSource.HostsOf(follower.LastAnswer?.Update) is [500]);
        Assert.InRange(follower.Updates.Count, 2, 6);
    }

    [Fact]
    public async Task WatchAsync_TheReaderLeaves_EndsAllWatches()
    {
        _high.First = static () => EndpointUpdate.NotFound;
        _low.First = static () => throw new IOException("down");
        Follower follower = Follow();
        await Until.HoldsAsync(() => follower.Last?.Asked.Contains("Low: failed", StringComparison.Ordinal) == true);

        await follower.DisposeAsync();

        await Until.HoldsAsync(() => _high.Watching == 0 && _low.Watching == 0 && _clock.ActiveTimers == 0);
    }

    [Fact]
    public async Task WatchAsync_NoSource_SaysThatNobodyKnows()
    {
        await using var follower = new Follower(Sources());

        await Until.HoldsAsync(() => follower.Last is not null);

        Assert.Equal(new SourcedUpdate(EndpointUpdate.NotFound, "", "no source"), follower.Last! with { Life = null });
    }

    [Fact]
    public async Task WatchAsync_TwoWatchesOfOneObject_KnowNothingOfEachOther()
    {
        OrderedSources sources = Sources(_high);
        await using var first = new Follower(sources);
        await using var second = new Follower(sources);

        await Until.HoldsAsync(() => _high.Watching == 2);
        await first.DisposeAsync();
        await Until.HoldsAsync(() => _high.Watching == 1);
    }

    [Fact]
    public async Task WatchAsync_AnEndlessErrorMessage_IsCut()
    {
        _high.First = static () => throw new IOException(new string('x', 10_000));
        await using var follower = new Follower(Sources(_high));

        await Until.HoldsAsync(() => follower.Last?.Asked.Contains("failed", StringComparison.Ordinal) == true);

        Assert.InRange(follower.Last!.Asked.Length, 10, 300);
    }

    private Follower Follow() => new(Sources(_high, _low));

    private OrderedSources Sources(params IEndpointSource[] sources) => new(sources, _clock, new SeededRandom(1), NullLogger.Instance);
}
