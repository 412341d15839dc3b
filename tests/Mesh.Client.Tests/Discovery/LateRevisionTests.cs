using System.Globalization;
using FsCheck.Fluent;
using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Client.Tests.Discovery;

/// <summary>An older revision that comes late is ignored.</summary>
public sealed class LateRevisionTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeSource _source = new("Registry");

    [Theory]
    [InlineData("2", "1", true)]
    [InlineData("10", "9", true)]
    [InlineData("9", "10", false)]
    [InlineData("7", "7", false)]
    [InlineData("7", "007", false)]
    [InlineData("0010", "9", true)]
    [InlineData("18446744073709551616", "18446744073709551615", true)]
    [InlineData("99999999999999999999999999999999999999", "100000000000000000000000000000000000000", false)]
    [InlineData("2", null, false)]
    [InlineData(null, "1", false)]
    [InlineData("2", "", false)]
    [InlineData("b", "a", false)]
    [InlineData("2", "1a", false)]
    [InlineData("2", "-1", false)]
    [InlineData("2", "1.5", false)]
    [InlineData("2", "١", false)]
    public void IsLate_OfASecondRevision_OnlyWhereBothAreNumbers(string? first, string? second, bool late)
    {
        var order = new RevisionOrder();
        Assert.False(order.IsLate(Found(first, 1)));

        Assert.Equal(late, order.IsLate(Found(second, 2)));
    }

    [Fact]
    public void IsLate_AfterAnOpaqueRevision_RemembersTheNumberBeforeIt()
    {
        var order = new RevisionOrder();
        string?[] revisions = ["5", "restored", null, "4", "6", "5"];

        Assert.Equal([false, false, false, true, false, true], revisions.Select(r => order.IsLate(Found(r, 1))));
        Assert.False(order.IsLate(EndpointUpdate.NotFound));
        Assert.False(order.IsLate(EndpointUpdate.Empty(confirmed: true)));
    }

    [Fact]
    public void IsLate_OfAnyNumbers_AsTheirOrderIs() => ForAny.Check(ArbMap.Default.ArbFor<(ulong, ulong)>(), static pair =>
    {
        var order = new RevisionOrder();
        order.IsLate(Found(pair.Item1.ToString(CultureInfo.InvariantCulture), 1));

        Assert.Equal(pair.Item2 < pair.Item1, order.IsLate(Found(pair.Item2.ToString(CultureInfo.InvariantCulture), 1)));
    });

    [Fact]
    public async Task WatchAsync_AnyInterleavingOfDeliveries_EndsWithTheNewest()
    {
        const int Interleavings = 1000;
        var random = new SeededRandom(4);
        for (int run = 0; run < Interleavings; run++)
        {
            // Each state is delivered once or twice, in any order, as from several connections of one client.
            int newest = random.Next(1, 30);
            int[] deliveries = [.. Enumerable.Range(1, newest), .. Enumerable.Range(1, newest).Where(_ => random.Next(2) == 0)];
            random.Shuffle(deliveries);
            var source = new FakeSource("Registry");
            await using var follower = new Follower(Sources(source));

            Array.ForEach(deliveries, d => source.Say(Found(d.ToString(CultureInfo.InvariantCulture), d)));
            source.End();
            await Until.HoldsAsync(() => source.Starts == 1 && source.Watching == 0 && follower.LastAnswer is { IsFailing: true });

            Assert.Equal([newest], FakeSource.HostsOf(follower.LastAnswer!.Update));
        }
    }

    [Fact]
    public async Task WatchAsync_ANewWatchWithALowerRevision_IsHeard()
    {
        await using var follower = new Follower(Sources(_source));
        _source.Say(Found("900", 1));
        await Until.HoldsAsync(() => follower.LastAnswer is not null);

        _source.Fail(new IOException("restored from a backup"));
        await Until.HoldsAsync(() => _source.Watching == 0);
        _source.Say(Found("3", 2));
        await _clock.AdvanceUntilAsync(() => FakeSource.HostsOf(follower.LastAnswer!.Update) is [2], TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WatchAsync_ALateEmptySet_IsIgnoredLikeAnyOther()
    {
        await using var follower = new Follower(Sources(_source));
        _source.Say(Found("2", 1));
        _source.Say(EndpointUpdate.Found(new EndpointSet([], "1")));
        _source.Say(Found("3", 3));

        await Until.HoldsAsync(() => FakeSource.HostsOf(follower.LastAnswer?.Update) is [3]);

        Assert.DoesNotContain(follower.Updates, static u => u.Update is EndpointsEmpty);
    }

    [Fact]
    public async Task WatchAsync_AnEndlessRevision_IsRefused()
    {
        await using var follower = new Follower(Sources(_source));
        _source.Say(Found(new string('9', EndpointCheck.MaxRevision + 1), 1));
        _source.Say(Found(new string('8', EndpointCheck.MaxRevision), 2));

        await Until.HoldsAsync(() => FakeSource.HostsOf(follower.LastAnswer?.Update) is [2]);
    }

    private static EndpointUpdate Found(string? revision, int host) => EndpointUpdate.Found(((EndpointsFound)FakeSource.Found(host)).Set with { Revision = revision });

    private OrderedSources Sources(FakeSource source) => new([source], _clock, new SeededRandom(1), NullLogger.Instance);
}
