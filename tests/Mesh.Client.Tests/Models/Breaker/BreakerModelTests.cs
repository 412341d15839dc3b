using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Model;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Models.Breaker;

public sealed class BreakerModelTests
{
    private const int Steps = 120;

    [Theory]
    [InlineData(2, 4, 1, 50)]
    [InlineData(3, 1, 2, 100)]
    [InlineData(1, 2, 3, 34)]
    [InlineData(2, 3, 1, 67)]
    [InlineData(1, 1, 1, 0)]
    public void Breakers_AnyCommands_AreAsTheModelHasThem(int consecutive, int throughput, int probes, int percent)
    {
        var policy = new BreakerPolicy
        {
            ConsecutiveFailures = consecutive,
            MinimumThroughput = throughput,
            HalfOpenProbes = probes,
            MaxEjectionPercent = percent,
            SlowCallRatio = 0.5,
            SlowCallDuration = TimeSpan.FromSeconds(2),
            BreakDuration = TimeSpan.FromSeconds(3),
            MaxBreakDuration = TimeSpan.FromSeconds(10),
            SamplingDuration = TimeSpan.FromSeconds(5),
        };

        ForAny.Check(Commands.Of(Command(), Steps), list => new BreakerMachine(policy).Run(list.Commands));
    }

    private static Gen<BreakerCommand> Command() =>
        from verb in Gen.Frequency(
            (6, Gen.Constant(BreakerVerb.Begin)),
            (6, Gen.Constant(BreakerVerb.End)),
            (1, Gen.Constant(BreakerVerb.Abandon)),
            (4, Gen.Constant(BreakerVerb.Fail)),
            (4, Gen.Constant(BreakerVerb.Advance)),
            (1, Gen.Constant(BreakerVerb.EjectAsOutlier)))
        from endpoint in Gen.Choose(0, 5)
        from outcome in Gen.Elements(Model.Outcome.Success, Model.Outcome.Success, Model.Outcome.Failure, Model.Outcome.Overloaded, Model.Outcome.Ignored)
        from is500 in Gen.Elements(false, false, true)
        from milliseconds in Gen.Frequency((3, Gen.Elements(0, 0, 500, 1999, 2000)), (3, Gen.Elements(2999, 3000, 3001, 5000, 6000)), (1, Gen.Choose(0, 20_000)))
        from pause in Gen.Elements(0, 0, 1, 4, 5, 9)
        select new BreakerCommand(verb, endpoint, outcome, is500, TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromSeconds(pause));
}
