using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Tests.Balancing;

public sealed class BuiltInBalancersTests
{
    [Theory]
    [InlineData("LeastRequest", typeof(LeastRequestBalancer))]
    [InlineData("leastrequest", typeof(LeastRequestBalancer))]
    [InlineData("ROUNDROBIN", typeof(RoundRobinBalancer))]
    [InlineData("Random", typeof(RandomBalancer))]
    [InlineData("first", typeof(FirstBalancer))]
    public void Create_ANameInAnyCase_MakesIt(string name, Type type) => Assert.IsType(type, BuiltInBalancers.Create(new BalancingPolicy { Policy = name }, []));

    [Fact]
    public void Create_EachBuiltInName_MakesABalancerOfThatName() =>
        Assert.All(BuiltInBalancers.Names, static name => Assert.Equal(name, BuiltInBalancers.Create(new BalancingPolicy { Policy = name }, []).Name));

    [Fact]
    public void Names_TheDefault_ComesFirst() => Assert.Equal(new BalancingPolicy().Policy, BuiltInBalancers.Names[0]);

    [Fact]
    public void Create_ABalancerAddedInCode_CountsMoreThanTheBuiltInOne()
    {
        var custom = new Custom();

        Assert.Same(custom, BuiltInBalancers.Create(new BalancingPolicy { Policy = "RANDOM" }, [custom]));
    }

    private sealed class Custom : LoadBalancer
    {
        public override string Name => "Random";

        public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => throw new NotSupportedException();
    }
}
