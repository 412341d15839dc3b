using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Retries;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Models.Budget;

public sealed class BudgetModelTests
{
    private const long Start = 1_000_000_007;
    private const int Steps = 80;

    [Theory]
    [InlineData(0.2, 10)]
    [InlineData(0.2, 0)]
    [InlineData(0, 0.5)]
    [InlineData(1.5, 1)]
    [InlineData(0, 0)]
    public void Budget_AnyCommands_IsAsTheModelHasIt(double ratio, double perSecond) =>
        ForAny.Check(Commands.Of(Command(), Steps), list => Run(list.Commands, ratio, perSecond));

    private static void Run(BudgetCommand[] commands, double ratio, double perSecond)
    {
        long now = Start;
        var budget = new RetryBudget(TimeSpan.TicksPerSecond, now);
        var model = new NaiveBudget(ratio, perSecond);
        foreach (BudgetCommand command in commands)
        {
            switch (command.Verb)
            {
                case BudgetVerb.Deposit:
                    for (int i = 0; i < command.Amount; i++)
                    {
                        budget.Deposit(now);
                        model.Deposit(Second(now));
                    }

                    break;
                case BudgetVerb.Withdraw:
                    for (int i = 0; i < command.Amount; i++)
                    {
                        Assert.Equal(model.TryWithdraw(Second(now)), budget.TryWithdraw(now, ratio, perSecond));
                    }

                    break;
                case BudgetVerb.Advance:
                    now += command.Amount * TimeSpan.TicksPerMillisecond;
                    break;
                case BudgetVerb.ToTheEdge:
                    now += TimeSpan.TicksPerSecond - ((now - Start) % TimeSpan.TicksPerSecond) - (command.Amount % 2);
                    break;
            }

            Assert.Equal(model.Remaining(Second(now)), budget.Remaining(now, ratio, perSecond), 6);
            Assert.Equal(model.Spent(Second(now)), budget.Spent(now));
        }
    }

    private static long Second(long now) => (now - Start) / TimeSpan.TicksPerSecond;

    private static Gen<BudgetCommand> Command() =>
        from verb in Gen.Frequency((4, Gen.Constant(BudgetVerb.Deposit)), (5, Gen.Constant(BudgetVerb.Withdraw)), (3, Gen.Constant(BudgetVerb.Advance)), (2, Gen.Constant(BudgetVerb.ToTheEdge)))
        from amount in verb is BudgetVerb.Advance ? Gen.Frequency((4, Gen.Choose(0, 1500)), (1, Gen.Choose(0, 30_000)), (1, Gen.Elements(9_000, 10_000, 11_000, 86_400_000))) : Gen.Choose(0, 30)
        select new BudgetCommand(verb, amount);
}
