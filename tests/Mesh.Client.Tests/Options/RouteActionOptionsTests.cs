using Mesh.Client.Model;

namespace Mesh.Client.Tests.Options;

public sealed class RouteActionOptionsTests
{
    private const string Route = "Services:orders:Routes:0:";

    [Theory]
    [InlineData("Mirror:Service", "not a name", "Mirror:Service")]
    [InlineData("Mirror:Percent", "101", "Mirror:Percent")]
    [InlineData("Mirror:MaxBody", "-1", "Mirror:MaxBody")]
    [InlineData("Mirror:MaxActive", "0", "Mirror:MaxActive")]
    [InlineData("Mirror:Retries", "3", "Mirror:Retries")]
    [InlineData("Fault:Delay", "2.00:00:00", "Fault:Delay")]
    [InlineData("Fault:Delay", "5", "Fault:Delay")]
    [InlineData("Fault:DelayPercent", "NaN", "Fault:DelayPercent")]
    [InlineData("Fault:DelayPercent", "50", "name a Delay")]
    [InlineData("Fault:AbortStatus", "600", "Fault:AbortStatus")]
    [InlineData("Fault:AbortGrpcStatus", "17", "Fault:AbortGrpcStatus")]
    [InlineData("Fault:AbortPercent", "-1", "Fault:AbortPercent")]
    [InlineData("Fault:MaxActive", "-1", "Fault:MaxActive")]
    public void Errors_OfABadAction_NameTheKey(string key, string value, string part) =>
        Assert.Contains(part, Assert.Single(ConfigurationFixture.Errors((Route + key, value))), StringComparison.Ordinal);

    [Fact]
    public void Compile_Actions_AreInThePolicyOfTheRoute()
    {
        MeshPolicy policy = ConfigurationFixture.Compile(
            (Route + "Mirror:Service", "Shadow"), (Route + "Mirror:Labels:version", "v2"), (Route + "Mirror:Percent", "12.5"),
            (Route + "Fault:Delay", "00:00:02"), (Route + "Fault:DelayPercent", "50"), (Route + "Fault:AbortPercent", "1"), (Route + "Fault:AbortGrpcStatus", "0"), (Route + "Fault:MaxActive", "7"));

        RouteActions actions = policy.For("orders").Routes.Items.Single().Actions!;
        Assert.Equal(new MirrorPolicy("shadow", LabelSet.Create([new("version", "v2")]), 12.5, 65536, 100), actions.Mirror);
        Assert.Equal(new FaultPolicy { Delay = TimeSpan.FromSeconds(2), DelayPercent = 50, AbortPercent = 1, AbortGrpcStatus = 0, MaxActive = 7 }, actions.Fault);
    }

    [Fact]
    public void Compile_DelayByHeader_NeedsNoDelayOfTheRoute() =>
        Assert.True(ConfigurationFixture.Compile((Route + "Fault:FromHeaders", "true"), (Route + "Fault:DelayPercent", "100")).For("orders").Routes.Items.Single().Actions!.Fault!.FromHeaders);
}
