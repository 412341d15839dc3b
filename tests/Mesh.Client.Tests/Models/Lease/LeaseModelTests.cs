using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Models.Lease;

public sealed class LeaseModelTests
{
    private const int Steps = 120;

    [Theory]
    [InlineData(5, 1000)]
    [InlineData(100, 1000)]
    [InlineData(30, 60_000)]
    public void Leases_AnyCommands_AreAsTheModelHasThemAndNeverMoreThanTheQuota(int permits, int windowMilliseconds) =>
        ForAny.Check(Commands.Of(Command(windowMilliseconds), Steps), list => new LeaseMachine(permits, TimeSpan.FromMilliseconds(windowMilliseconds)).Run(list.Commands));

    private static Gen<LeaseCommand> Command(int window) =>
        from verb in Gen.Frequency(
            (8, Gen.Constant(LeaseVerb.Take)),
            (3, Gen.Constant(LeaseVerb.Advance)),
            (5, Gen.Constant(LeaseVerb.Ask)),
            (1, Gen.Constant(LeaseVerb.GiveBack)),
            (5, Gen.Constant(LeaseVerb.Answer)),
            (1, Gen.Constant(LeaseVerb.Lose)))
        from process in Gen.Choose(0, 1)
        from amount in verb is LeaseVerb.Advance ? Gen.Frequency((5, Gen.Choose(0, window / 10)), (2, Gen.Choose(0, window)), (1, Gen.Elements(window - 1, window, window + 1, 2 * window, 5 * window))) : Gen.Choose(1, 200)
        select new LeaseCommand(verb, process, amount);
}
