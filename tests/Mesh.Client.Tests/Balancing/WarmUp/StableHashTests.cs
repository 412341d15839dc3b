using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Balancing.WarmUp;

public sealed class StableHashTests
{
    [Fact]
    public void Of_AnEndpoint_IsTheSameInEveryProcess()
    {
        Assert.Equal(0xD24EC4F1A98C6E5BUL, StableHash.Of(new MeshEndpoint("a", 0)));
        Assert.Equal(0xB456BCFC34C2CB2CUL, StableHash.Mix(1));
    }

    [Fact]
    public void Of_EndpointsOfOneHost_DifferByPort() =>
        Assert.Equal(1000, Enumerable.Range(1, 1000).Select(static p => StableHash.Of(new MeshEndpoint("10.0.0.1", p))).Distinct().Count());

    [Theory]
    [InlineData(0UL, 0.0)]
    [InlineData(1UL << 63, 0.5)]
    [InlineData(ulong.MaxValue, 0.99999999999999989)]
    public void ToUnit_Bits_IsBelow1(ulong bits, double expected) => Assert.Equal(expected, StableHash.ToUnit(bits));
}
