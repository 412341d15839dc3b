using System.Globalization;
using System.Text;
using FsCheck.Fluent;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Consul.Tests.Fakes;
using Mesh.Client.Model;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Consul.Tests.Discovery;

/// <summary>Weights that Consul cannot say.</summary>
public sealed class ExactWeightsTests
{
    [Theory]
    [InlineData(new[] { "1", "1" }, new[] { 1, 1 })]
    [InlineData(new[] { "0.1", "1" }, new[] { 10, 100 })]
    [InlineData(new[] { "2.5", "0", "4" }, new[] { 250, 0, 400 })]
    [InlineData(new[] { "0.0001", "60000" }, new[] { 1, 65535 })]
    [InlineData(new[] { "0.001" }, new[] { 1 })]
    public void Read_WeightsWithFractions_KeepTheirRatio(string[] exact, int[] weights) => Assert.Equal(weights, Weights([.. exact.Select(static e => (1, e))]));

    [Theory]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("∞")]
    [InlineData("1e3")]
    [InlineData("70000")]
    [InlineData("0,5")]
    [InlineData(" ")]
    [InlineData("0.0000000000000000000000000000000000000000001")]
    public void Read_WeightIsNone_CountsConsuls(string exact) => Assert.Equal([7], Weights((7, exact)));

    [Fact]
    public void Read_InstanceWarns_TakesTheLesserWeight()
    {
        var policy = new ConsulPolicy { IncludeWarning = true };
        string service = "\"ID\":\"a\",\"Address\":\"10.0.0.1\",\"Port\":1,\"Weights\":{\"Passing\":5,\"Warning\":2},\"Meta\":{\"mesh-weight\":\"0\"}";

        Assert.Equal(0, InstanceReader.Read(Encoding.UTF8.GetBytes($"[{Bodies.Instance(service, "warning")}]"), policy).Endpoints.Single().Weight);
        Assert.Equal(2, InstanceReader.Read(Encoding.UTF8.GetBytes($"[{Bodies.Instance(service.Replace("\"0\"", "\"4\"", StringComparison.Ordinal), "warning")}]"), policy).Endpoints.Single().Weight);
    }

    [Fact]
    public void Read_TheMeshsOwnMeta_IsNoLabel()
    {
        MeshEndpoint endpoint = Read("""[{"Service":{"ID":"a","Address":"10.0.0.1","Port":1,"Meta":{"mesh-process":"p","mesh-weight":"0.5","version":"v2"}}}]""")[0];

        Assert.Equal(["version"], endpoint.Labels.Keys);
    }

    [Fact]
    public void Read_AnyWeights_AreWholeAndKeepTheirOrder() => ForAny.Check(
        Gen.Choose(0, 70_000_000).Select(static i => i % 7 == 0 ? i / 7_000_000 : i / 1000.0 % 65535).NonEmptyListOf().ToArbitrary(),
        static exact =>
        {
            double[] all = [.. exact];
            int[] weights = Weights([.. all.Select(static e => (1, e.ToString("0.######", CultureInfo.InvariantCulture)))]);
            Assert.All(weights, static w => Assert.InRange(w, 0, 65535));
            for (int i = 0; i < all.Length; i++)
            {
                Assert.Equal(all[i] > 0, weights[i] > 0);
                for (int k = 0; k < all.Length; k++)
                {
                    Assert.True(all[i] < all[k] || weights[i] >= weights[k]);
                }
            }
        });

    private static int[] Weights(params (int Consul, string Exact)[] all) => [.. Read($"[{string.Join(',', all.Select(static (w, i) => Instance(i, w.Consul, w.Exact)))}]").Select(static e => e.Weight)];

    private static string Instance(int index, int weight, string exact) => Bodies.Instance(
        string.Create(CultureInfo.InvariantCulture, $"\"ID\":\"{index:D5}\",\"Address\":\"10.0.0.1\",\"Port\":{index + 1},\"Weights\":{{\"Passing\":{weight},\"Warning\":1}},\"Meta\":{{\"mesh-weight\":\"{exact}\"}}"));

    private static MeshEndpoint[] Read(string json) => [.. InstanceReader.Read(Encoding.UTF8.GetBytes(json), new ConsulPolicy()).Endpoints];
}
