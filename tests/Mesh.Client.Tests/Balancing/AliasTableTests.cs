using FsCheck.Fluent;
using Mesh.Client.Balancing;
using Mesh.Client.Model;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Balancing;

public sealed class AliasTableTests
{
    [Fact]
    public void Draw_AnyBits_StaysWithinTheSet() => ForAny.Check(
        Gen.Choose(1, 40).SelectMany(static count => Gen.Choose(1, 65535).ArrayOf(count)).ToArbitrary(),
        static weights =>
        {
            AliasTable table = Table(weights);
            Assert.All((long[])[0, 1, 0x7FFFFFFF, 1L << 31, long.MaxValue, long.MaxValue - 1], bits => Assert.InRange(table.Draw(bits), 0, weights.Length - 1));
        });

    [Fact]
    public void Draw_AllBits_GivesEachIndexItsWeight() => ForAny.Check(
        Gen.Choose(1, 12).SelectMany(static count => Gen.Choose(1, 100).ArrayOf(count)).ToArbitrary(),
        static weights =>
        {
            // The 62 bits are two numbers of 31 and 32 bits. All columns by a grid over the coin is the exact distribution to 1 in 1 000.
            const int Grid = 1000;
            AliasTable table = Table(weights);
            double[] drawn = new double[weights.Length];
            for (int column = 0; column < weights.Length; column++)
            {
                long low = ((column * (1L << 31)) + (1L << 30)) / weights.Length;
                for (long coin = 0; coin < Grid; coin++)
                {
                    drawn[table.Draw(low | ((coin * (uint.MaxValue / Grid)) << 31))] += 1.0 / Grid / weights.Length;
                }
            }

            for (int i = 0; i < weights.Length; i++)
            {
                Assert.Equal((double)weights[i] / weights.Sum(), drawn[i], 0.002);
            }
        });

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(65535)]
    public void Create_EqualWeights_NeedsNoTable(int weight) => Assert.True(Table(weight, weight, weight).IsUniform);

    private static AliasTable Table(params int[] weights) =>
        AliasTable.Create(new Fleet([.. weights.Select(static (w, i) => new MeshEndpoint($"10.0.0.{i}", 80) { Weight = w })]).Nodes);
}
