using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Fallbacks;

/// <summary>
/// Chooses among some endpoints, and among others only where none of the first could take any call, in panic too. That a call was at all of the first already, or that they are warming up, does not
/// lead it to the others.
/// </summary>
/// <param name="first">Chooses among the first.</param>
/// <param name="others">Chooses among the others.</param>
/// <param name="count">Counts the calls that went to the others.</param>
/// <param name="meant">What the first are, for people.</param>
internal sealed class FallbackPicker(EndpointPicker first, EndpointPicker others, FallbackCount count, string meant) : EndpointPicker
{
    public override EndpointNode? Pick(in PickContext context)
    {
        // Panic ignores the gates: whether any of the first is well must be asked without it.
        if (!context.InPanic && first.Pick(context) is { } node)
        {
            return node;
        }

        if ((context.InPanic || context.IsNarrowed) && first.Pick(context.Widened()) is not null)
        {
            return context.InPanic ? first.Pick(context) : null;
        }

        if (others.Pick(context) is { } other)
        {
            count.Add(meant);
            return other;
        }

        return context.InPanic ? first.Pick(context) : null;
    }
}
