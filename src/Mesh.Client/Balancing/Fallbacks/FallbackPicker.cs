using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Fallbacks;

/// <summary>
/// Chooses among some endpoints, and among others only where none of the first could take any call. That a call was at all of the first already, or that they are warming up, does not
/// lead it to the others.
/// </summary>
internal sealed class FallbackPicker(EndpointPicker first, EndpointPicker others, FallbackCount count) : EndpointPicker
{
    public override EndpointNode? Pick(in PickContext context)
    {
        if (first.Pick(context) is { } node)
        {
            return node;
        }

        if (context.IsNarrowed && first.Pick(context.Widened()) is not null)
        {
            return null;
        }

        count.Add();
        return others.Pick(context);
    }
}
