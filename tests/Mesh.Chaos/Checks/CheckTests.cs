using Mesh.Chaos.Load;
using Mesh.Chaos.Plan;

namespace Mesh.Chaos.Checks;

/// <summary>Each check can fail.</summary>
public sealed class CheckTests
{
    private static readonly FaultSpan s_redisOutage = new(new PlannedFault(10, FaultKind.RedisStop, 0, TimeSpan.FromSeconds(3), 0), 10_000, 13_000);

    [Fact]
    public void Least_OfATime_CountsWhatHeldAtItsBeginning()
    {
        var ledger = new HealthLedger(new RunClock(), 2);
        ledger.Set(0, HealthCause.Struck, true);
        ledger.Set(0, HealthCause.Silent, true);
        ledger.Set(0, HealthCause.Struck, false);

        Assert.False(ledger.IsHealthy(0));
        Assert.Equal(1, ledger.Healthy);
        Assert.Equal(1, ledger.Least(100_000, 200_000));
    }

    [Theory]
    [InlineData(nameof(CallKind.Get), nameof(Verdict.Failed), 0, true)]
    [InlineData(nameof(CallKind.Metered), nameof(Verdict.Answered), 0, true)]
    [InlineData(nameof(CallKind.Get), nameof(Verdict.Cut), 0, true)]
    [InlineData(nameof(CallKind.Get), nameof(Verdict.Failed), 2, false)]
    [InlineData(nameof(CallKind.Post), nameof(Verdict.Failed), 0, false)]
    public void Idempotent_AFailedCall_IsABreachWhileAnInstanceIsHealthy(string kind, string verdict, int sick, bool isBroken)
    {
        var ledger = new HealthLedger(new RunClock(), 2);
        for (int i = 0; i < sick; i++)
        {
            ledger.Set(i, HealthCause.Struck, true);
        }

        var book = new CallBook();
        book.Add(new CallResult(MeshCaller.Name, Enum.Parse<CallKind>(kind), 1, 50_000, 50_010, Enum.Parse<Verdict>(verdict), "reset"));

        Assert.Equal(!isBroken, IdempotentCheck.Judge(book, ledger, []).Holds);
    }

    [Theory]
    [InlineData(60, false, true)]
    [InlineData(65, false, false)]
    [InlineData(65, true, true)]
    [InlineData(75, true, false)]
    [InlineData(20, false, false)]
    public void Quota_SoManyASecond_HoldsWithinTheBoundOfThatTime(int permits, bool withOutage, bool holds)
    {
        int[] admitted = [.. Enumerable.Range(0, 20).SelectMany(s => Enumerable.Range(0, permits).Select(i => (1000 * s) + i))];

        Assert.Equal(holds, QuotaCheck.Judge(admitted, withOutage ? [s_redisOutage] : [], 0, 20_000, 60).Holds);
    }

    [Fact]
    public void Reasons_ToldAndCountedOtherwise_AreABreach()
    {
        var told = new Dictionary<string, int> { ["rate_limited"] = 3 };

        Assert.True(ReasonCheck.Judge(("mesh", told, new Dictionary<string, int> { ["rate_limited"] = 3 })).Holds);
        Assert.False(ReasonCheck.Judge(("mesh", told, new Dictionary<string, int> { ["rate_limited"] = 2 })).Holds);
        Assert.False(ReasonCheck.Judge(("mesh", told, new Dictionary<string, int> { ["rate_limited"] = 3, [""] = 1 })).Holds);
    }

    [Theory]
    [InlineData("mesh-1\nmesh-2\n", "", true)]
    [InlineData("mesh-1\n", "mesh-2\nmesh-1\n", false)]
    [InlineData("mesh-1\nmesh-2\nmesh-2\n", "", false)]
    [InlineData("mesh-2\n", "", false)]
    public void Posts_ExecutedTwiceOrNever_AreABreach(string first, string second, bool holds)
    {
        var book = new CallBook();
        book.Add(new CallResult(MeshCaller.Name, CallKind.Post, 1, 0, 1, Verdict.Ok, ""));

        Assert.Equal(holds, PostCheck.Judge(book, [("a", first.Split('\n', StringSplitOptions.RemoveEmptyEntries)), ("b", second.Split('\n', StringSplitOptions.RemoveEmptyEntries))]).Holds);
    }
}
