namespace Mesh.Client.Tests.Models;

/// <summary>Commands in their order, a line each where a failure shows them.</summary>
internal sealed record CommandList<T>(T[] Commands)
{
    public override string ToString() => string.Join(Environment.NewLine, Commands.Select(static (c, i) => $"{i}: {c}"));
}
