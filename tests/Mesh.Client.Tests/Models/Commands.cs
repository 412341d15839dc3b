using FsCheck;
using FsCheck.Fluent;

namespace Mesh.Client.Tests.Models;

/// <summary>Lists of commands for a machine. One that fails is made shorter for as long as it still fails, so that what is left is what matters.</summary>
internal static class Commands
{
    public static Arbitrary<CommandList<T>> Of<T>(Gen<T> command, int most)
    {
        Gen<CommandList<T>> lists =
            from length in Gen.Choose(1, most)
            from commands in command.ArrayOf(length)
            select new CommandList<T>(commands);
        return Arb.From(lists, Shorter);
    }

    private static IEnumerable<CommandList<T>> Shorter<T>(CommandList<T> list)
    {
        T[] commands = list.Commands;
        for (int part = Math.Max(1, commands.Length / 2); part > 0 && commands.Length > 1; part /= 2)
        {
            for (int at = 0; at < commands.Length; at += part)
            {
                yield return new CommandList<T>([.. commands[..at], .. commands[Math.Min(commands.Length, at + part)..]]);
            }
        }
    }
}
