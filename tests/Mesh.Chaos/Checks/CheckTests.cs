using Mesh.Chaos.Load;
using Mesh.Chaos.Plan;

namespace Mesh.Chaos.Checks;

/// <summary>Each check can fail.</summary>
public sealed class CheckTests
{
    private static readonly FaultSpan s_redisOutage = new(new PlannedFault(10, FaultKind.RedisStop, 0, TimeSpan.FromSeconds(3), 0), 10_000, 13_000);

    [Fact]
    public void Least_OfATime_CountsInstancesOnceAndWhatBeganBefore()
    {
        var ledger = new HealthLedger(new RunClock(), 3);
        ledger.Accuse(0, HealthCause.Struck, since: -2000);
        ledger.Accuse(0, HealthCause.Silent, since: -1500);
        ledger.Clear(0, HealthCause.Struck);
        ledger.Accuse(1, HealthCause.Silent, since: -1000);
        ledger.Clear(1, HealthCause.Silent);

        Assert.False(ledger.IsHealthy(0));
        Assert.True(ledger.IsHealthy(1));
        Assert.Equal(2, ledger.Healthy);
        Assert.Equal(3, ledger.Least(-4000, -3000));
        Assert.Equal(2, ledger.Least(-4000, -1800));
        Assert.Equal(1, ledger.Least(-4000, 100_000));
        Assert.Equal(2, ledger.Least(100_000, 200_000));
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
            ledger.Accuse(i, HealthCause.Struck);
        }

        var book = new CallBook();
        book.Add(new CallResult(MeshCaller.Name, Enum.Parse<CallKind>(kind), 1, 50_000, 50_010, Enum.Parse<Verdict>(verdict), "reset"));

        Assert.Equal(!isBroken, IdempotentCheck.Judge(book, ledger, new BudgetLog(), []).Holds);
    }

    [Theory]
    [InlineData(5_000, 4_900, true)]
    [InlineData(5_000, 1_000, false)]
    [InlineData(50_000, 49_900, false)]
    public void Idempotent_AFailedCallAfterAMomentWithoutInstances_IsABreachWhileThereIsABudget(int start, int spent, bool holds)
    {
        var ledger = new HealthLedger(new RunClock(), 1);
        ledger.Accuse(0, HealthCause.Dark);
        ledger.Clear(0, HealthCause.Dark);
        var budgets = new BudgetLog();
        budgets.Note(MeshCaller.Name, spent);
        var book = new CallBook();
        book.Add(new CallResult(MeshCaller.Name, CallKind.Get, 1, start, start + 10, Verdict.Failed, "reset"));

        Assert.Equal(holds, IdempotentCheck.Judge(book, ledger, budgets, []).Holds);
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
