using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Models.Watcher;

public sealed class WatcherModelTests
{
    private const int Steps = 14;
    private const int Lives = 12;

    [Fact]
    public void Watcher_AnyCommands_KeepsWhatTheModelKeeps() => ForAny.Check(Commands.Of(Command(), Steps), static list => Task.Run(() => LiveAsync(list)).GetAwaiter().GetResult(), Lives);

    private static async Task LiveAsync(CommandList<WatcherCommand> list)
    {
        using var machine = new WatcherMachine();
        await machine.RunAsync(list.Commands);
    }

    private static Gen<WatcherCommand> Command() =>
        from verb in Gen.Frequency(
            (3, Gen.Constant(WatcherVerb.Found)),
            (1, Gen.Constant(WatcherVerb.EmptyForSure)),
            (3, Gen.Constant(WatcherVerb.Empty)),
            (2, Gen.Constant(WatcherVerb.NotFound)),
            (2, Gen.Constant(WatcherVerb.Break)),
            (3, Gen.Constant(WatcherVerb.FailEndpoint)),
            (3, Gen.Constant(WatcherVerb.Advance)))
        from number in verb is WatcherVerb.Advance ? Gen.Elements(1, 7, 13, 29, 31, 50) : Gen.Choose(1, 15)
        select new WatcherCommand(verb, number);
}
