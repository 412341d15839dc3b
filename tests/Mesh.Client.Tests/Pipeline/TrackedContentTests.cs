using System.Runtime.CompilerServices;
using Mesh.Client.Nodes;
using Mesh.Client.Pipeline;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Pipeline;

public sealed class TrackedContentTests
{
    [Fact]
    public void Content_DroppedWithoutReadOrDispose_LeavesNothingInFlight()
    {
        var fleet = new Fleet(1);
        EndpointNode node = fleet.Nodes[0];
        Drop(node);
        Assert.Equal(1, node.InFlight);

        for (int i = 0; i < 100 && node.InFlight > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, node.InFlight);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(EndpointNode node)
    {
        Assert.True(node.TryBegin(1, ignoreGate: false, out Attempt attempt));
        _ = new TrackedContent(new ByteArrayContent([1]), attempt.Move(), 0, TimeProvider.System);
    }
}
