namespace Mesh.Client.Tests.Balancing;

public sealed class FirstPickerTests
{
    [Fact]
    public void Pick_AllWell_TakesTheFirst()
    {
        var bench = new PickBench("First", 1, 9, 9);
        bench.Load(0, 100);

        Assert.Equal([1000, 0, 0], bench.Picks(1000));
    }

    [Fact]
    public void Pick_TheFirstEjectedOrTried_TakesTheNext()
    {
        var bench = new PickBench("First", 1, 1, 1);
        bench.Eject(0);

        Assert.Same(bench.Nodes[1], bench.Pick());
        Assert.Same(bench.Nodes[2], bench.Pick([bench.Nodes[1]]));
        Assert.Same(bench.Nodes[0], bench.Pick(inPanic: true));
    }

    [Fact]
    public void Pick_TheFirstIsBack_TakesItAgain()
    {
        var bench = new PickBench("First", 1, 1);
        bench.Eject(0);
        bench.Fleet.Heal(bench.Nodes[0]);

        Assert.Same(bench.Nodes[0], bench.Pick());
    }
}
