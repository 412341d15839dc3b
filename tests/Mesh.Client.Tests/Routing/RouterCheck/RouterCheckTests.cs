using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mesh.Client.Model;
using Mesh.Client.Routing;
using Mesh.Client.Testing;
using Microsoft.Extensions.Configuration;

namespace Mesh.Client.Tests.Routing.RouterCheck;

/// <summary>
/// A table of requests and what becomes of them, in the style of Envoy's router check tool and written from Envoy's documentation, led through the reader of the configuration and the whole pipeline.
/// Each group names the page and the field that it is from; pages stand under envoyproxy.io/docs/envoy/latest/api-v3.
/// </summary>
public sealed class RouterCheckTests
{
    private const int Least = 150;

    private static readonly Dictionary<string, int> s_endpoints = new() { ["v1"] = 1, ["v2"] = 2, ["v3"] = 3, ["archive"] = 9 };

    public static IEnumerable<TheoryDataRow<string, int, int>> Cases =>
        from file in RouterFiles.Groups.GroupBy(static g => g.File)
        from item in file.Select(static (g, i) => (g.Group, Number: i))
        from number in Enumerable.Range(0, item.Group.Cases.Length)
        select new TheoryDataRow<string, int, int>(file.Key, item.Number, number) { TestDisplayName = $"{file.Key} {item.Number}.{number}: {item.Group.Cases[number].Request}" };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Call_OfTheTable_GoesWhereEnvoyWouldSendIt(string file, int group, int number)
    {
        RouterGroup routes = RouterFiles.Groups.Where(g => g.File == file).ElementAt(group).Group;
        RouterCase expected = routes.Cases[number];
        using ScriptedMesh mesh = Mesh(routes);
        using HttpRequestMessage request = Request(expected);

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Same(request, response.RequestMessage);
        CheckArrival(mesh, expected);
        await CheckAnswerAsync(response, expected);
        if (expected.Route is { } name)
        {
            RouteTable table = Assert.Single(mesh.Services.InUse, static s => s.Name == "orders").Snapshot!.Routes!;
            Assert.Equal(name, table.Find(new CallFacts(request, "web", null), Random.Shared)?.Name ?? "none");
        }
    }

    [Fact]
    public void Cases_AreManyAndSayWhereTheyAreFrom()
    {
        Assert.InRange(Cases.Count(), Least, int.MaxValue);
        Assert.All(RouterFiles.Groups, static g => Assert.Contains("v3", g.Group.Envoy, StringComparison.Ordinal));
    }

    private static void CheckArrival(ScriptedMesh mesh, RouterCase expected)
    {
        string[] arrived = [.. s_endpoints.Where(e => mesh[e.Value].Calls > 0).Select(static e => e.Key)];
        if (expected.To is { } to)
        {
            Assert.Equal(to == "none" ? [] : [to], arrived);
        }

        if (expected is { Path: null, Host: null, Sees.Count: 0 })
        {
            return;
        }

        ScriptedRequest seen = Assert.Single(mesh[s_endpoints[Assert.Single(arrived)]].Requests);
        Assert.Equal(expected.Path ?? seen.Uri!.PathAndQuery, seen.Uri!.PathAndQuery);
        Assert.Equal(expected.Host, expected.Host is null ? null : seen.Headers.GetValueOrDefault("Host") ?? seen.Uri.Authority);
        foreach ((string name, string? value) in expected.Sees)
        {
            Assert.Equal(value, seen.Headers.GetValueOrDefault(name));
        }
    }

    private static async Task CheckAnswerAsync(HttpResponseMessage response, RouterCase expected)
    {
        Assert.Equal((HttpStatusCode)(expected.Status ?? 200), response.StatusCode);
        Assert.Equal(expected.Location, response.Headers.Location?.AbsoluteUri);
        if (expected.Body is { } body)
        {
            Assert.Equal(body, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        foreach ((string name, string? value) in expected.Gets)
        {
            string? found = response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) || response.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.ToString() : null;
            Assert.Equal(value, found);
        }
    }

    private static ScriptedMesh Mesh(RouterGroup group)
    {
        var mesh = new ScriptedMesh(section: Section(group.Routes));
        mesh.Registry.Set("orders", new EndpointSet([.. s_endpoints.Where(static e => e.Value < 9).Select(static e => new MeshEndpoint($"10.0.0.{e.Value}", 80) { Labels = LabelSet.Create([new("version", e.Key)]) })]));
        mesh.Registry.Set("archive", "10.0.0.9:80");
        foreach (int number in s_endpoints.Values)
        {
            mesh[number].Reply(_ => Answer(group)).Always();
        }

        return mesh;
    }

    // Redirects are looked at here and not followed.
    private static Dictionary<string, string?> Section(JsonElement routes)
    {
        string json = $$"""{ "Local": { "Service": "web" }, "Services": { "orders": { "Transport": { "FollowRedirects": false }, "Routes": {{routes}} } } }""";
        IConfigurationRoot root = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        return root.AsEnumerable().ToDictionary();
    }

    private static HttpResponseMessage Answer(RouterGroup group)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("from the endpoint") };
        foreach ((string name, string value) in group.Answers)
        {
            Assert.True(response.Headers.TryAddWithoutValidation(name, value));
        }

        return response;
    }

    private static HttpRequestMessage Request(RouterCase expected)
    {
        string[] parts = expected.Request.Split(' ');
        string uri = parts[^1].StartsWith('/') ? $"http://orders{parts[^1]}" : parts[^1];
        var request = new HttpRequestMessage(new HttpMethod(parts.Length > 1 ? parts[0] : "GET"), new Uri(uri));
        request.Content = expected.Sends is { } body ? new StringContent(body) : null;
        foreach ((string name, string value) in expected.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value.Split('|')))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }
}
