using Mesh.Client.Consul.Discovery;
using Mesh.Client.Consul.Tests.Fakes;
using Mesh.Client.Model;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Consul.Tests.Discovery;

/// <summary>The rules of blocking queries, one service with a query of its own.</summary>
public sealed class BlockingQueryTests : IDisposable
{
    private readonly Followed _followed = new();

    private Asked[] Questions => _followed.Consul.About(Bodies.Orders);

    [Fact]
    public async Task Watch_OfAService_AsksAtOnceAndThenWithTheIndex()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1, 2), 12));
        await _followed.UntilAsync(() => Questions.Length == 3);

        Assert.Equal([null, "10", "12"], Questions.Select(static q => q["index"]));
        Assert.Equal(["1", "1,2"], _followed.Said.Select(Followed.Describe));
        Assert.Equal(["10", "12"], _followed.Said.OfType<EndpointsFound>().Select(static f => f.Set.Revision));
        Assert.All(Questions, static q => Assert.True(q.IsStale));
    }

    [Fact]
    public async Task Watch_WhileNothingChanges_AsksOnceAWaitWithJitterAndSaysNothing()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        _followed.Follow();

        await _followed.PassAsync(TimeSpan.FromMinutes(10), 1);

        Assert.InRange(Questions.Length, 10, 13);
        string?[] waits = [.. Questions.Skip(1).Select(static q => q["wait"])];
        Assert.Equal(waits.Length, waits.Distinct().Count());
        Assert.All(waits, static w => Assert.InRange(int.Parse(w!.Replace("ms", ""), System.Globalization.CultureInfo.InvariantCulture), 54_000, 60_000));
        Assert.Single(_followed.Said);
    }

    [Fact]
    public async Task Watch_IndexChangesAndEndpointsDoNot_SaysNothing()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 11));
        await _followed.UntilAsync(() => Questions.Length == 3);
        await _followed.Clock.SettleAsync();

        Assert.Single(_followed.Said);
    }

    [Fact]
    public async Task Watch_IndexGoesBack_AsksTheLeaderFromTheStartBeforeItBelieves()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 100));
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(2), 5));
        await _followed.UntilAsync(() => _followed.State == "2");
        await _followed.UntilAsync(() => Questions.Length == 4);

        Assert.Equal([null, "100", null, "5"], Questions.Select(static q => q["index"]));
        Assert.Equal([true, true, false, true], Questions.Select(static q => q.IsStale));
        Assert.False(((EndpointsFound)_followed.Last!).Set.Revision!.All(char.IsAsciiDigit), "a number lower than the one before would be taken for late");
        Assert.Single(_followed.Log.Of(3005));
    }

    [Fact]
    public async Task Watch_ALaggingServerAnswersOnce_KeepsTheNewerAnswer()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 100));
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);
        _followed.Consul.Next.Enqueue(new Reply(Bodies.Ports(9), 99));
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1, 2), 101));
        await _followed.UntilAsync(() => _followed.State == "1,2");

        Assert.Equal(["1", "1,2"], _followed.Said.Select(Followed.Describe));
        Assert.Empty(_followed.Log.Of(3005));
    }

    [Fact]
    public async Task Watch_IndexGoesBackAllTheTime_IsNoLoop()
    {
        ulong index = 1_000_000;
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), index));
        _followed.Follow();
        for (int second = 0; second < 60; second++)
        {
            _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1 + (second % 2)), index -= 10));
            await _followed.PassAsync(TimeSpan.FromSeconds(1), 0.25);
        }

        Assert.InRange(Questions.Length, 30, 130);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(null)]
    public async Task Watch_IndexIsMissingOrZero_NeverAsksWithZeroAgain(ulong? index)
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), index));
        _followed.Follow();
        await _followed.PassAsync(TimeSpan.FromSeconds(20));

        Assert.All(Questions.Skip(1), static q => Assert.Equal("1", q["index"]));
        Assert.InRange(Questions.Length, 2, 22);
    }

    [Fact]
    public async Task Watch_ServerAnswersAtOnceWithTheSameIndex_AsksOnceASecondAtMost()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        for (int i = 0; i < 100; i++)
        {
            _followed.Consul.Next.Enqueue(new Reply(Bodies.Ports(1), 10));
        }

        _followed.Follow();
        await _followed.PassAsync(TimeSpan.FromSeconds(30));

        Assert.InRange(Questions.Length, 29, 33);
        Assert.All(Questions.Zip(Questions.Skip(1)).Skip(1), static pair => Assert.InRange(pair.Second.At - pair.First.At, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.1)));
    }

    [Fact]
    public async Task Watch_AServiceThatChangesAllTheTime_IsThrottledAfterABurst()
    {
        _followed.Follow();
        for (ulong i = 10; i < 310; i++)
        {
            _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports((int)i), i));
            await _followed.PassAsync(TimeSpan.FromSeconds(0.1));
        }

        Assert.InRange(Questions.Length, 30, 30 + QueryPace.Burst + 2);
        await _followed.UntilAsync(() => _followed.State == "309");
    }

    [Fact]
    public async Task Watch_AnswerNeverComes_IsGivenUpAfterWaitAndSixteenthAndFiveSeconds()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);
        _followed.Consul.Set(Bodies.Orders, Reply.Silence);
        TimeSpan asked = Questions[1].At;
        TimeSpan wait = TimeSpan.FromMilliseconds(double.Parse(Questions[1]["wait"]!.Replace("ms", ""), System.Globalization.CultureInfo.InvariantCulture));

        await _followed.UntilAsync(() => _followed.Last is SourceFailing);

        TimeSpan took = _followed.Clock.GetUtcNow() - new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero) - asked;
        Assert.InRange(took, wait + (wait / 16) + TimeSpan.FromSeconds(5), wait + (wait / 16) + TimeSpan.FromSeconds(5.2));
    }

    [Fact]
    public async Task Watch_PolicySaysTokenDatacenterAndConsistency_AsksSo()
    {
        _followed.Policy = new ConsulPolicy { Token = "secret", Datacenter = "dc9", StaleReads = false };
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);

        Assert.All(Questions, static q => Assert.Equal(("secret", "dc9", false), (q.Token, q["dc"], q.IsStale)));
    }

    [Fact]
    public async Task Watch_NameWithAKnownDatacenter_AsksThere()
    {
        _followed.Consul.Set("/v1/catalog/datacenters", new Reply("""["dc1","DC2"]"""));
        _followed.Follow("orders.dc2");
        _followed.Follow("api.example.com", []);
        await _followed.UntilAsync(() => Questions.Length > 0 && _followed.Consul.About("/v1/health/service/api.example.com").Length > 0);

        Assert.Equal("DC2", Questions[0]["dc"]);
        Assert.Null(_followed.Consul.About("/v1/health/service/api.example.com")[0]["dc"]);
    }

    [Fact]
    public async Task Watch_ManyNamesWithDots_AskForTheDatacentersOnce()
    {
        _followed.Consul.Set("/v1/catalog/datacenters", new Reply("""["dc1"]"""));
        for (int i = 0; i < 40; i++)
        {
            _followed.Follow($"s{i}.dc1", []);
        }

        await _followed.UntilAsync(() => _followed.Consul.Requests.Count(static r => r.Path.StartsWith("/v1/health/service/", StringComparison.Ordinal)) >= 40);

        Assert.Single(_followed.Consul.About("/v1/catalog/datacenters"));
    }

    [Fact]
    public async Task Watch_Ended_AsksNoMore()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);
        _followed.Dispose();
        await _followed.Clock.SettleAsync();

        Assert.Equal(0, _followed.Clock.ActiveTimers);
    }

    public void Dispose() => _followed.Dispose();
}
