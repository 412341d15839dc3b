using Mesh.Client.Model;
using Mesh.Client.Probing;

namespace Mesh.Client.Tests.Probing;

public sealed class ProbePlanTests
{
    private static readonly MeshEndpoint Described = new("10.0.0.1", 8080)
    {
        Scheme = "https", Weight = 5, Locality = new Locality("eu", "eu-1"), Labels = LabelSet.Create([new("san", "orders-1.internal")]), Id = "orders-1",
    };

    // Code that configures the calls' transport by what the endpoint is known by must find it at the probes' too.
    [Fact]
    public void Of_AnEndpoint_KeepsAllThatItsConnectionsMayGoBy() =>
        Assert.Equal(Described with { Weight = 1 }, ProbePlan.Of(Described, new ServicePolicy()).Endpoint);

    [Fact]
    public void Of_AnotherWeight_IsTheSamePlan()
    {
        var policy = new ServicePolicy();

        Assert.Equal(ProbePlan.Of(Described, policy), ProbePlan.Of(Described with { Weight = 0 }, policy));
    }
}
