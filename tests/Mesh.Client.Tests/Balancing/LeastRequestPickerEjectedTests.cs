using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Balancing;

/// <summary>An ejected endpoint is no choice: whoever is drawn beside it must still be compared with another.</summary>
public sealed class LeastRequestPickerEjectedTests
{
    private const int Picks = 20_000;

    [Theory]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    [InlineData(10, 5)]
    public void Pick_BesideEjectedOnes_StillAvoidsTheLoaded(int count, int ejected)
    {
        var fleet = new Fleet(count);
        EndpointNode loaded = fleet[ejected];
        fleet.Begin(loaded);
        for (int i = 0; i < ejected; i++)
        {
            fleet.Eject(fleet[i]);
        }

        Dictionary<EndpointNode, int> picked = PickMany(fleet);

        Assert.InRange(picked.GetValueOrDefault(loaded), 0, Picks / 50);
        Assert.All(fleet.Nodes.Take(ejected), node => Assert.False(picked.ContainsKey(node)));
    }

    [Fact]
    public void Pick_OfAHeavyOneAndItsNeighbours_TreatsTheNeighboursAlike()
    {
        ImmutableArray<MeshEndpoint> endpoints =
        [
            new("10.0.0.1", 80) { Weight = 8 },
            new("10.0.0.2", 80),
            new("10.0.0.3", 80),
        ];
        var fleet = new Fleet(endpoints);
        for (int i = 0; i < 8; i++)
        {
            fleet.Begin(fleet[0]);
        }

        Dictionary<EndpointNode, int> picked = PickMany(fleet);

        Assert.InRange((double)picked[fleet[1]] / picked[fleet[2]], 0.9, 1.1);
    }

    private static Dictionary<EndpointNode, int> PickMany(Fleet fleet)
    {
        var picker = new LeastRequestPicker(fleet.Nodes, choiceCount: 2);
        var random = new SeededRandom(7);
        using var request = new HttpRequestMessage();
        var picked = new Dictionary<EndpointNode, int>();
        for (int i = 0; i < Picks; i++)
        {
            EndpointNode node = picker.Pick(new PickContext(request, fleet.Now, random, inPanic: false, tried: null))!;
            picked[node] = picked.GetValueOrDefault(node) + 1;
        }

        return picked;
    }
}
