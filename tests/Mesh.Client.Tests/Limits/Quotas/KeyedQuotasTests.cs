using System.Globalization;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Limits.Quotas;

public sealed class KeyedQuotasTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedStore _store;
    private readonly QuotaKeeper _keeper;

    public KeyedQuotasTests()
    {
        _store = new ScriptedStore(_clock);
        _keeper = new QuotaKeeper(_store, _clock, new SeededRandom(1));
    }

    public void Dispose() => _keeper.Dispose();

    [Fact]
    public async Task For_TwoKeys_CountsEachByItself()
    {
        KeyedQuotas quotas = Add(100);

        Assert.Same(quotas.For("a"), quotas.For("a"));
        Assert.True((await quotas.For("a").AcquireAsync(_clock.GetTimestamp(), 10, Ended)).IsAdmitted);
        Assert.False((await quotas.For("a").AcquireAsync(_clock.GetTimestamp(), 1, Ended)).IsAdmitted);
        Assert.True((await quotas.For("b").AcquireAsync(_clock.GetTimestamp(), 10, Ended)).IsAdmitted);
    }

    [Fact]
    public async Task For_KeysBeyondTheMost_ShareOneCount()
    {
        KeyedQuotas quotas = Add(3);
        int admitted = 0;
        for (int i = 0; i < 1000; i++)
        {
            admitted += (await quotas.For(i.ToString(CultureInfo.InvariantCulture)).AcquireAsync(_clock.GetTimestamp(), 1, Ended)).IsAdmitted ? 1 : 0;
        }

        Assert.Equal(3, quotas.Count);
        Assert.Equal(3 + 10, admitted);
    }

    [Fact]
    public async Task Keys_IdleForAMinute_LeaveAndTakeNoAllowanceAlong()
    {
        KeyedQuotas quotas = _keeper.Add(new QuotaPolicy("q", 10, TimeSpan.FromHours(1)) { MaxKeys = 100 });
        for (int i = 0; i < 10; i++)
        {
            Assert.True((await quotas.For("a").AcquireAsync(_clock.GetTimestamp(), 1, Ended)).IsAdmitted);
        }

        await _clock.AdvanceUntilAsync(() => quotas.Count == 0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(90), Ended);

        Assert.False((await quotas.For("a").AcquireAsync(_clock.GetTimestamp(), 1, Ended)).IsAdmitted);
        Assert.Equal(1, quotas.Count);
        GC.KeepAlive(quotas);
    }

    [Fact]
    public async Task Keys_BackAfterAnIdleMinute_GoOnWithWhatTheWindowHasLeft()
    {
        KeyedQuotas quotas = _keeper.Add(new QuotaPolicy("q", 1000, TimeSpan.FromHours(1)) { MaxKeys = 100 });
        for (int i = 0; i < 300; i++)
        {
            Assert.True((await quotas.For("a").AcquireAsync(_clock.GetTimestamp(), 1, Ended)).IsAdmitted);
        }

        await _clock.AdvanceUntilAsync(() => quotas.Count == 0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(90), Ended);

        Assert.True((await quotas.For("a").AcquireAsync(_clock.GetTimestamp(), 1, Ended)).IsAdmitted);
        GC.KeepAlive(quotas);
    }

    [Fact]
    public async Task Update_OfThePermits_CountsForTheKeysThere()
    {
        KeyedQuotas quotas = Add(100);
        Assert.True((await quotas.For("a").AcquireAsync(_clock.GetTimestamp(), 10, Ended)).IsAdmitted);

        // The trip ahead of need is over once the store has said that nothing is left.
        await Until.HoldsAsync(() => quotas.For("a").State.AskAgain > _clock.GetTimestamp());
        quotas.Update(quotas.Policy with { Permits = 15 });
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True((await quotas.For("a").AcquireAsync(_clock.GetTimestamp(), 15, Ended)).IsAdmitted);
    }

    [Fact]
    public async Task Update_OfThePermits_CountsForTheKeysBeyondTheMostToo()
    {
        KeyedQuotas quotas = Add(1);
        Assert.True((await quotas.For("a").AcquireAsync(_clock.GetTimestamp(), 1, Ended)).IsAdmitted);
        LeasedQuota overflow = quotas.For("b");

        quotas.Update(quotas.Policy with { Permits = 15 });

        Assert.Equal(15, overflow.Policy.Permits);
    }

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    private KeyedQuotas Add(int most) => _keeper.Add(new QuotaPolicy("q", 10, TimeSpan.FromSeconds(1)) { MaxKeys = most });
}
