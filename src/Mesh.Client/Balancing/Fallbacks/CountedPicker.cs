using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Fallbacks;

/// <summary>Chooses for calls that were meant for endpoints of which there is none.</summary>
/// <param name="picker">Chooses among the others.</param>
/// <param name="count">Counts the calls.</param>
/// <param name="meant">What they were meant for, for people.</param>
internal sealed class CountedPicker(EndpointPicker picker, FallbackCount count, string meant) : EndpointPicker
{
    public override EndpointNode? Pick(in PickContext context)
    {
        EndpointNode? node = picker.Pick(context);
        if (node is not null)
        {
            count.Add(meant);
        }

        return node;
    }
}
