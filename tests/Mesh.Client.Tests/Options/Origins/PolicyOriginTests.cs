using System.Collections.Immutable;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Options.Origins;

public sealed class PolicyOriginTests
{
    [Fact]
    public void Explain_EachLayer_IsNamedByTheHighestThatSaidSomething()
    {
        using var fixture = new ConfigurationFixture(
            ConfigurationFixture.Source(("Defaults:Timeout", "00:00:20"), ("Defaults:AttemptTimeout", "00:00:07"), ("Defaults:Retry:MaxAttempts", "3"), ("Services:orders:Timeout", "00:00:20")),
            ConfigurationFixture.Source(("Services:Orders:Retry:On:0", "503"), ("Services:orders:CircuitBreaker:FailFast", "true")));
        fixture.Setup.ConfigureDefaults.Add(static o => o.Retry.MaxAttempts = 2);
        fixture.Setup.ConfigureServices.Add(new("orders", static o => o.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(9)));
        MeshConfiguration configuration = fixture.Start();

        Dictionary<string, PolicyValue> orders = Explain(configuration, "orders");

        Assert.Equal(("00:00:20", PolicyOrigin.Service, nameof(MutableSource)), Of("Timeout"));
        Assert.Equal(("00:00:07", PolicyOrigin.Defaults, nameof(MutableSource)), Of("AttemptTimeout"));
        Assert.Equal(("2", PolicyOrigin.DefaultsCode, null), Of("Retry:MaxAttempts"));
        Assert.Equal(("503", PolicyOrigin.Service, nameof(MutableSource)), Of("Retry:On"));
        Assert.Equal(("true", PolicyOrigin.Service, nameof(MutableSource)), Of("CircuitBreaker:FailFast"));
        Assert.Equal(("00:00:09", PolicyOrigin.ServiceCode, null), Of("CircuitBreaker:BreakDuration"));
        Assert.Equal(("00:00:05", PolicyOrigin.BuiltIn, null), Of("CircuitBreaker:SlowCallDuration"));

        (string, PolicyOrigin, string?) Of(string key) => (orders[key].Value, orders[key].Origin, orders[key].Source);
    }

    [Fact]
    public void Explain_AServiceThatNobodyNamed_BeginsWithTheDefaults()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(("Defaults:Timeout", "00:00:20"), ("Services:orders:Timeout", "00:00:03")));

        Dictionary<string, PolicyValue> stock = Explain(fixture.Start(), "stock");

        Assert.Equal(("00:00:20", PolicyOrigin.Defaults), (stock["Timeout"].Value, stock["Timeout"].Origin));
    }

    [Fact]
    public void Explain_EveryKeyOfAService_HasTheValueThatIsInForce()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(("Services:orders:LoadBalancing:Locality:PreferZone", "false"), ("Services:orders:HealthCheck:Path", "/healthz?key=secret")));

        Dictionary<string, PolicyValue> orders = Explain(fixture.Start(), "orders");

        Assert.Equal("false", orders["LoadBalancing:Locality:PreferZone"].Value);
        Assert.Equal("/healthz?…", orders["HealthCheck:Path"].Value);
        Assert.True(orders.Count > 50, $"{orders.Count} keys");
        Assert.All(orders.Values, static v => Assert.Equal(v.Source is null, v.Origin is PolicyOrigin.BuiltIn));
    }

    [Fact]
    public void Explain_WhileTheConfigurationIsRefused_TellsTheLastGoodOne()
    {
        MutableSource source = ConfigurationFixture.Source(("Services:orders:Timeout", "00:00:03"));
        using var fixture = new ConfigurationFixture(source);
        MeshConfiguration configuration = fixture.Start();

        source.Replace(ConfigurationFixture.InMesh(("Services:orders:Timeout", "soon")));
        fixture.Settle();

        Assert.Equal("00:00:03", Explain(configuration, "orders")["Timeout"].Value);
    }

    [Fact]
    public async Task GetPolicy_ADocumentSaysOtherwise_NamesSourceAndKey()
    {
        var policies = new InMemoryPolicies();
        using var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(policies));
        policies.Set("orders", """{ "Timeout": "00:00:02" }""");
        await mesh.Clock.AdvanceUntilAsync(
            () => mesh.Services.Engine.Configuration.Current.For("orders").Timeout.TotalSeconds == 2, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        PolicyValue timeout = mesh.Provider.GetRequiredService<IMeshStatus>().GetPolicy("orders").Single(static v => v.Key == "Timeout");

        Assert.Equal(new PolicyValue("Timeout", "00:00:02", PolicyOrigin.Service, "InMemory: orders"), timeout);
    }

    private static Dictionary<string, PolicyValue> Explain(MeshConfiguration configuration, string service)
    {
        ImmutableArray<PolicyValue> values = configuration.Explain(service);
        return values.ToDictionary(static v => v.Key, StringComparer.Ordinal);
    }
}
