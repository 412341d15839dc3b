using System.Collections.Immutable;
using System.Text;
using Mesh.Client.Consul.Registration;
using Mesh.Client.Consul.Tests.Fakes;
using Mesh.Client.Model;
using Mesh.Client.Registration;

namespace Mesh.Client.Consul.Tests.Registration;

/// <summary>An instance in Consul's words, or an error that says which part has none.</summary>
public sealed class InstanceFormTests
{
    public static TheoryData<ServiceInstance, string> Impossible => new()
    {
        { Registered.O1 with { Id = "" }, "Id" },
        { Registered.O1 with { Id = "a b" }, "a b" },
        { Registered.O1 with { Id = ".." }, ".." },
        { Registered.O1 with { Id = "a\"b" }, "quotes" },
        { Registered.O1 with { Service = "\n" }, "Service" },
        { Registered.O1 with { Host = "0.0.0.0" }, "0.0.0.0" },
        { Registered.O1 with { Host = "http://x" }, "http://x" },
        { Registered.O1 with { Port = 0 }, "Port" },
        { Registered.O1 with { Weight = -1 }, "Weight" },
        { Registered.O1 with { Warmth = double.NaN }, "Warmth" },
        { Labelled("app.kubernetes.io/name", "x"), "app.kubernetes.io/name" },
        { Labelled("consul-x", "x"), "consul-x" },
        { Labelled("mesh-weight", "5"), "the mesh's own" },
        { Labelled("zone", "other"), "eu-1" },
        { Labelled("long", new string('é', 257)), "512" },
        { Labelled(new string('k', 129), "x"), "128" },
        { Registered.O1 with { Labels = LabelSet.Create(Enumerable.Range(0, 64).Select(static i => KeyValuePair.Create($"l{i}", "x"))) }, "64" },
        { Registered.O1 with { Checks = [new InstanceCheck(InstanceCheckType.Http) { Path = "healthz" }] }, "healthz" },
        { Registered.O1 with { Checks = [new InstanceCheck(InstanceCheckType.Tcp) { Interval = TimeSpan.Zero }] }, "00:00:01" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Of_WhatConsulCannotHold_IsAnErrorThatNamesIt(ServiceInstance instance, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Form(instance));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be registered in Consul", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 600);
    }

    [Theory]
    [InlineData(0, 1.0, 1, 0, "0")]
    [InlineData(1, 1.0, 1, 1, null)]
    [InlineData(1, 0.1, 1, 1, "0.1")]
    [InlineData(10, 0.25, 2, 1, "2.5")]
    [InlineData(65535, 1.0, 65535, 1, null)]
    public void Of_Weight_IsWholeForConsulAndExactInTheMeta(int weight, double warmth, int passing, int warning, string? exact)
    {
        InstanceForm form = Form(Registered.O1 with { Weight = weight, Warmth = warmth });

        Assert.Equal((passing, warning, exact), (form.Service.Weights.Passing, form.Service.Weights.Warning, form.Service.Meta.GetValueOrDefault("mesh-weight")));
    }

    [Fact]
    public void Json_Checks_AreWhatTheAgentTakes()
    {
        ImmutableArray<InstanceCheck> checks =
        [
            new(InstanceCheckType.Http) { Path = "/healthz", UseTls = true },
            new(InstanceCheckType.Tcp) { Port = 9, DeregisterAfter = TimeSpan.Zero },
            new(InstanceCheckType.Grpc) { Path = "orders", UseTls = true, Interval = TimeSpan.FromSeconds(1.5) },
            new(InstanceCheckType.Ttl) { Interval = TimeSpan.FromSeconds(30) },
        ];

        Assert.Equal(
            """
            {"ID":"o1","Name":"orders","Address":"fd00::1","Port":8080,"Meta":{"mesh-process":"p"},"Weights":{"Passing":1,"Warning":1},"Checks":[
            {"CheckID":"mesh:o1:p:0","Name":"Mesh Http check","Status":"passing","HTTP":"https://[fd00::1]:8080/healthz","TLSSkipVerify":false,"Interval":"10000ms","Timeout":"2000ms","DeregisterCriticalServiceAfter":"600000ms"},
            {"CheckID":"mesh:o1:p:1","Name":"Mesh Tcp check","Status":"passing","TCP":"[fd00::1]:9","Interval":"10000ms","Timeout":"2000ms"},
            {"CheckID":"mesh:o1:p:2","Name":"Mesh Grpc check","Status":"passing","GRPC":"[fd00::1]:8080/orders","GRPCUseTLS":true,"TLSSkipVerify":false,"Interval":"1500ms","Timeout":"2000ms","DeregisterCriticalServiceAfter":"600000ms"},
            {"CheckID":"mesh:o1:p:3","Name":"Mesh Ttl check","Status":"passing","TTL":"30000ms","DeregisterCriticalServiceAfter":"600000ms"}]}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(Form(Registered.O1 with { Host = "fd00::1", Checks = checks }).Json().Span));
    }

    private static ServiceInstance Labelled(string key, string value) => Registered.O1 with { Locality = new Locality("eu", "eu-1"), Labels = LabelSet.Create([KeyValuePair.Create(key, value)]) };

    private static InstanceForm Form(ServiceInstance instance) => InstanceForm.Of(instance, new ConsulPolicy(), "p");
}
