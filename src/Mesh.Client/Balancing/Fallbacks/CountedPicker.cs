using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Fallbacks;

/// <summary>Chooses for calls that were meant for endpoints of which there is none.</summary>
internal sealed class CountedPicker(EndpointPicker picker, FallbackCount count) : EndpointPicker
{
    public override EndpointNode? Pick(in PickContext context)
    {
        count.Add();
        return picker.Pick(context);
    }
}
