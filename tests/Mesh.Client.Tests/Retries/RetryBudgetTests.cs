using Mesh.Client.Retries;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Retries;

public sealed class RetryBudgetTests
{
    private const double Ratio = 0.2;
    private const double PerSecond = 10;

    private readonly ManualTimeProvider _clock = new();
    private readonly RetryBudget _budget;

    public RetryBudgetTests() => _budget = New();

    [Fact]
    public void TryWithdraw_AtTheStart_GivesTheFixedRateOfOneSecond() => Assert.Equal(10, Withdraw(1000));

    [Fact]
    public void TryWithdraw_AfterSomeCalls_GivesAShareOfThemBeside()
    {
        Deposit(100);

        Assert.Equal(30, Withdraw(1000));
    }

    [Theory]
    [InlineData(0.2, 0, 100, 20)]
    [InlineData(0.0, 10, 100_000, 10)]
    [InlineData(0.0, 0, 100_000, 0)]
    [InlineData(1.5, 0, 10, 15)]
    [InlineData(0.2, 0, 4, 0)]
    [InlineData(0.2, 0, 5, 1)]
    [InlineData(0.1, 0.5, 4, 0)]
    public void TryWithdraw_AnyPolicy_GivesWholeRetriesOnly(double ratio, double perSecond, int calls, int retries)
    {
        Deposit(calls);

        Assert.Equal(retries, Enumerable.Range(0, 1000).Count(_ => _budget.TryWithdraw(_clock.GetTimestamp(), ratio, perSecond)));
    }

    [Fact]
    public void TryWithdraw_TenSecondsOn_CountsNeitherTheCallsNorTheRetriesOfThen()
    {
        Deposit(1000);
        Assert.Equal(210, Withdraw(1000));

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(90, Withdraw(1000));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(10, Withdraw(1000));
    }

    [Fact]
    public void TryWithdraw_CallsOfEachSecond_LeaveTheWindowOneByOne()
    {
        for (int i = 0; i < 10; i++)
        {
            Deposit(100);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // Nine of the ten seconds are still in the window, and the present one.
        Assert.Equal((0.2 * 900) + 100, _budget.Remaining(_clock.GetTimestamp(), Ratio, PerSecond), 6);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((0.2 * 400) + 100, _budget.Remaining(_clock.GetTimestamp(), Ratio, PerSecond), 6);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(3_600)]
    [InlineData(86_400)]
    [InlineData(86_400 * 30)]
    [InlineData(1 << 24)]
    [InlineData((1 << 24) + 5)]
    [InlineData(86_400L * 365 * 20)]
    public void TryWithdraw_AfterALongIdleTime_RemembersNothing(long seconds)
    {
        Deposit(1_000_000);
        Withdraw(50);

        _clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(100, Withdraw(1000));
        Assert.Equal(0, _budget.Remaining(_clock.GetTimestamp(), Ratio, PerSecond));
    }

    [Fact]
    public void Remaining_Spent_IsNeverNegative()
    {
        Deposit(1000);
        Withdraw(1000);

        Assert.Equal(0, _budget.Remaining(_clock.GetTimestamp(), Ratio, 0));
    }

    [Fact]
    public void TryWithdraw_AnyTrafficThatFailsThroughout_StaysWithinTheBound()
    {
        for (int seed = 1; seed <= Runs.Of(60); seed++)
        {
            var random = new SeededRandom(seed);
            RetryBudget budget = New();
            long start = _clock.GetTimestamp();
            long calls = 0;
            long retries = 0;
            int rate = random.Next(1, 200);
            for (int step = 0; step < 500; step++)
            {
                switch (random.Next(10))
                {
                    case 0:
                        // To the edge of a second, where the window moves.
                        long into = (_clock.GetTimestamp() - start) % TimeSpan.TicksPerSecond;
                        _clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerSecond - into - random.Next(0, 2)));
                        break;
                    case 1:
                        _clock.Advance(TimeSpan.FromSeconds(random.Next(0, 12)));
                        rate = random.Next(1, 200);
                        break;
                    case < 5:
                        _clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, 400)));
                        break;
                }

                for (int i = random.Next(0, rate); i > 0; i--)
                {
                    budget.Deposit(_clock.GetTimestamp());
                    calls++;
                    retries += budget.TryWithdraw(_clock.GetTimestamp(), Ratio, PerSecond) ? 1 : 0;
                    retries += budget.TryWithdraw(_clock.GetTimestamp(), Ratio, PerSecond) ? 1 : 0;
                }

                double seconds = (double)(_clock.GetTimestamp() - start) / TimeSpan.TicksPerSecond;
                double bound = (Ratio * calls) + (PerSecond * (seconds + 1));
                Assert.True(retries <= bound, $"{random}, step {step}: {retries} retries of {calls} calls in {seconds:F1} s, bound {bound:F1}");
            }
        }
    }

    [Fact]
    public void TryWithdraw_RetriesSparedUntilTheEdgesOfTheWindow_StayWithinTheBound()
    {
        // All that can be had at the end of the first second, then all at the beginning of each window after it.
        long start = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        int retries = Withdraw(1000);
        _clock.Advance(TimeSpan.FromTicks(1));
        for (int window = 0; window < 20; window++)
        {
            _clock.Advance(TimeSpan.FromSeconds(9));
            retries += Withdraw(1000);
            double seconds = (double)(_clock.GetTimestamp() - start) / TimeSpan.TicksPerSecond;
            Assert.True(retries <= PerSecond * (seconds + 1), $"{retries} retries in {seconds} s");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void TryWithdraw_ManyThreads_GivesExactlyTheBudget()
    {
        int retries = 0;

        Together.Run(8, _ =>
        {
            for (int i = 0; i < 5000; i++)
            {
                _budget.Deposit(_clock.GetTimestamp());
            }
        });
        Together.Run(8, _ =>
        {
            for (int i = 0; i < 2000; i++)
            {
                if (_budget.TryWithdraw(_clock.GetTimestamp(), Ratio, PerSecond))
                {
                    Interlocked.Increment(ref retries);
                }
            }
        });

        Assert.Equal((0.2 * 8 * 5000) + 10, retries);
    }

    [Fact]
    public void Deposit_ManyThreadsAsSecondsPass_LosesNothing()
    {
        const int Threads = 8;
        using var second = new Barrier(Threads, _ => _clock.Advance(TimeSpan.FromSeconds(1)));

        Together.Run(Threads, _ =>
        {
            for (int i = 0; i < 30; i++)
            {
                _budget.Deposit(_clock.GetTimestamp());
                second.SignalAndWait();
            }
        });

        Assert.Equal(0.2 * Threads * 9, _budget.Remaining(_clock.GetTimestamp(), Ratio, 0), 6);
    }

    private RetryBudget New() => new(_clock.TimestampFrequency, _clock.GetTimestamp());

    private void Deposit(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            _budget.Deposit(_clock.GetTimestamp());
        }
    }

    private int Withdraw(int most) => Enumerable.Range(0, most).Count(_ => _budget.TryWithdraw(_clock.GetTimestamp(), Ratio, PerSecond));
}
