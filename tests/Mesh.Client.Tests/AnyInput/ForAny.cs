using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Mesh.Client.Tests.AnyInput;

/// <summary>Properties over random input, the same input in every run; a failure shows the smallest input that fails.</summary>
internal static class ForAny
{
    private const ulong Seed = 20260101;
    private const ulong Gamma = 9_007_199_254_740_881;

    /// <summary>Checks a property that throws where it does not hold.</summary>
    public static void Check<T>(Arbitrary<T> input, Action<T> property, int tests = 300)
    {
        var replay = new Replay(new Rnd(Seed, Gamma), FSharpOption<int>.None);
        Prop.ForAll(input, property).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs.Of(tests)).WithQuietOnSuccess(true).WithReplay(FSharpOption<Replay>.Some(replay)));
    }
}
