using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Consul.Tests.Fakes;
using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Consul.Tests.Discovery;

/// <summary>How instances are read, whoever registered them.</summary>
public sealed class InstanceReaderTests
{
    private static readonly string[] s_parts =
    [
        "{", "}", "[", "]", ",", ":", "null", "0", "-1", "1e400", "8080", "\"\"", "\"Node\":", "\"Service\":", "\"Checks\":", "\"Address\":", "\"Port\":", "\"Tags\":", "\"Meta\":", "\"Weights\":",
        "\"Passing\":", "\"Status\":", "\"passing\"", "\"10.0.0.1\"", "\"a=b\"", "\"=\"", "true", "\\", "\u0000", "é",
    ];

    [Fact]
    public void Read_InstanceWithEverything_IsAnEndpointWithEverything()
    {
        MeshEndpoint endpoint = One(Bodies.Instance("""
            "ID":"o-1","Service":"orders","Address":"10.0.0.1","Port":8080,"Tags":["canary","team=red","version=v1"],
            "Meta":{"version":"v2","zone":"eu-1","region":"eu","scheme":"https"},"Weights":{"Passing":7,"Warning":3}
            """));

        Assert.Equal(
            new MeshEndpoint("10.0.0.1", 8080)
            {
                Id = "o-1",
                Weight = 7,
                Scheme = "https",
                Locality = new Locality("eu", "eu-1"),
                Labels = LabelSet.Create(
                    new Dictionary<string, string> { ["canary"] = "true", ["team"] = "red", ["version"] = "v2", ["zone"] = "eu-1", ["region"] = "eu", ["scheme"] = "https" }),
            },
            endpoint);
    }

    // As spring-cloud-consul registers: meta is null or has "secure"; older ones say everything in tags.
    [Theory]
    [InlineData("""["secure=true","zone=eu-1","contextPath=/x"]""", "null", "https", "eu-1")]
    [InlineData("""["secure=false"]""", "null", "http", "")]
    [InlineData("[]", """{"secure":"true"}""", "https", "")]
    [InlineData("null", """{"secure":"false","zone":"a"}""", "http", "a")]
    [InlineData("[]", "{}", null, "")]
    [InlineData("[]", """{"scheme":"gopher"}""", null, "")]
    [InlineData("""["urlprefix-/x","",null,"=","a="]""", """{"a":null}""", null, "")]
    public void Read_InstanceOfAnotherClient_IsRead(string tags, string meta, string? scheme, string zone)
    {
        MeshEndpoint endpoint = One(Bodies.Instance($"\"ID\":\"o\",\"Address\":\"10.0.0.1\",\"Port\":80,\"Tags\":{tags},\"Meta\":{meta}"));

        Assert.Equal((scheme, zone, 1), (endpoint.Scheme, endpoint.Locality.Zone, endpoint.Weight));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("", "10.0.0.9")]
    [InlineData("0.0.0.0", "10.0.0.9")]
    [InlineData("::", "10.0.0.9")]
    [InlineData("fd00::1", "fd00::1")]
    [InlineData("[fd00::1]", "fd00::1")]
    [InlineData("orders.internal", "orders.internal")]
    public void Read_Address_IsTheServicesElseTheNodes(string address, string host)
    {
        MeshEndpoint endpoint = One(Bodies.Instance($"\"Address\":\"{address}\",\"Port\":80"));

        Assert.Equal(host, endpoint.Host);
        Assert.Equal("10.0.0.9", One(Bodies.Instance("\"Port\":80")).Host);
    }

    [Theory]
    [InlineData("\"Address\":\"10.0.0.1\",\"Port\":0")]
    [InlineData("\"Address\":\"10.0.0.1\",\"Port\":70000")]
    [InlineData("\"Address\":\"a b\",\"Port\":80")]
    [InlineData("\"Address\":\"http://x\",\"Port\":80")]
    public void Read_InstanceThatNoCallCanGoTo_IsLeftOut(string service)
    {
        Instances instances = Read($"[{Bodies.Instance(service)},{Bodies.Instance("\"ID\":\"good\",\"Port\":80")}]");

        Assert.Equal(("good", 2, 1), (instances.Endpoints.Single().Id, instances.Count, instances.Unusable));
    }

    [Theory]
    [InlineData("passing", false, 5)]
    [InlineData("warning", false, null)]
    [InlineData("warning", true, 2)]
    [InlineData("critical", true, null)]
    [InlineData("maintenance", true, null)]
    [InlineData("new-fangled", true, null)]
    public void Read_Status_DecidesAndChoosesTheWeight(string status, bool warning, int? weight)
    {
        Instances instances = Read($"[{Bodies.Instance("\"Port\":80,\"Weights\":{\"Passing\":5,\"Warning\":2}", status)}]", new ConsulPolicy { IncludeWarning = warning });

        Assert.Equal(weight, instances.Endpoints.SingleOrDefault()?.Weight);
        Assert.Equal(1, instances.Count);
    }

    [Theory]
    [InlineData(-3, 0)]
    [InlineData(0, 0)]
    [InlineData(1_000_000, 65535)]
    public void Read_WeightOutOfRange_IsTheNearest(int weight, int read) =>
        Assert.Equal(read, One(Bodies.Instance($"\"Port\":80,\"Weights\":{{\"Passing\":{weight},\"Warning\":1}}")).Weight);

    [Fact]
    public void Read_OtherKeysForZoneRegionAndScheme_AreUsed()
    {
        var policy = new ConsulPolicy { ZoneKey = "az", RegionKey = "", SchemeKey = "proto" };

        MeshEndpoint endpoint = Read($"[{Bodies.Instance("\"Port\":80,\"Meta\":{\"az\":\"b\",\"zone\":\"a\",\"region\":\"eu\",\"proto\":\"HTTP\"}")}]", policy).Endpoints.Single();

        Assert.Equal((new Locality("", "b"), "http"), (endpoint.Locality, endpoint.Scheme));
    }

    [Fact]
    public void Read_NodesMeta_SaysThePlaceWhereTheInstanceDoesNot()
    {
        MeshEndpoint endpoint = One(Bodies.Instance("\"Port\":80,\"Meta\":{\"zone\":\"a\"}", node: "\"Node\":\"n1\",\"Address\":\"10.0.0.9\",\"Meta\":{\"zone\":\"z\",\"region\":\"r\"}"));

        Assert.Equal(new Locality("r", "a"), endpoint.Locality);
    }

    [Fact]
    public void Read_InstancesInAnotherOrder_AreTheSame()
    {
        string[] instances = [.. Enumerable.Range(1, 20).Select(static i => Bodies.Instance($"\"ID\":\"i{i}\",\"Address\":\"10.0.0.{i}\",\"Port\":80"))];

        Assert.Equal<MeshEndpoint>(Read($"[{string.Join(',', instances)}]").Endpoints, Read($"[{string.Join(',', instances.Reverse())}]").Endpoints);
    }

    [Fact]
    public void Read_TooManyInstances_StopsAtTheMost()
    {
        Instances instances = Read($"[{string.Join(',', Enumerable.Repeat("{}", EndpointCheck.MaxEndpoints + 1000))}]");

        Assert.Equal(EndpointCheck.MaxEndpoints, instances.Count);
    }

    [Fact]
    public void Read_AnyText_IsReadOrRefusedAsJson()
    {
        Arbitrary<string> texts = Gen.Elements(s_parts).ArrayOf().Select(static parts => $"[{{{string.Concat(parts)}").ToArbitrary();

        ForAny.Check(texts, static text =>
        {
            try
            {
                Read(text);
            }
            catch (JsonException)
            {
                // Refused.
            }
        });
    }

    // One field of a good instance is replaced by something else: what is read can be used.
    [Fact]
    public void Read_AnyFieldReplaced_GivesEndpointsThatTheMeshAccepts()
    {
        string[] values = ["null", "0", "-1", "\"\"", "[]", "{}", "true", "\"x\"", "[null]", "{\"a\":null}", "1e5", "\"[\"", "\"\\u0000\"", "99999"];
        string[] fields = ["Node", "Service", "Checks", "ID", "Address", "Port", "Tags", "Meta", "Weights", "Passing", "Status"];
        foreach (string field in fields)
        {
            foreach (string value in values)
            {
                string good = Bodies.Instance("\"ID\":\"o\",\"Address\":\"10.0.0.1\",\"Port\":80,\"Tags\":[\"a\"],\"Meta\":{\"zone\":\"a\"},\"Weights\":{\"Passing\":1,\"Warning\":1}");
                string bad = good.Insert(good.IndexOf($"\"{field}\":", StringComparison.Ordinal), $"\"{field}\":{value},");
                string last = good.Insert(good.IndexOf('}', good.IndexOf($"\"{field}\":", StringComparison.Ordinal)), $",\"{field}\":{value}");
                foreach (string text in (string[])[bad, last])
                {
                    try
                    {
                        Assert.Null(EndpointCheck.Fault(EndpointUpdate.Found(new EndpointSet(Read($"[{text}]").Endpoints)), null));
                    }
                    catch (JsonException)
                    {
                        // Refused.
                    }
                }
            }
        }
    }

    private static MeshEndpoint One(string instance) => Read($"[{instance}]").Endpoints.Single();

    private static Instances Read(string json, ConsulPolicy? policy = null) => InstanceReader.Read(Encoding.UTF8.GetBytes(json), policy ?? new ConsulPolicy());
}
