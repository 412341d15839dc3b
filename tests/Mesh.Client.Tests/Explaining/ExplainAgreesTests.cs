using Mesh.Client.Explaining;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Explaining;

/// <summary>What is explained is what happens, over random fleets, routes, lanes and requests.</summary>
public sealed class ExplainAgreesTests
{
    private static readonly int s_configurations = Environment.GetEnvironmentVariable("MESH_LONG") is null ? 250 : 2000;
    private const int RequestsEach = 50;

    private static readonly string[] s_paths = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/B", "/x%20y"];
    private static readonly string[] s_versions = ["v1", "v2", "v3"];
    private static readonly string[] s_lanes = ["blue", "green"];

    [Fact]
    public async Task Explain_AnyRequest_SaysWhatTheEngineDoes()
    {
        int answered = 0;
        int refused = 0;
        int certain = 0;
        for (int seed = 0; seed < s_configurations; seed++)
        {
            var random = new SeededRandom(seed);
            using ScriptedMesh mesh = AnyMesh(random);
            IMeshExplain explain = mesh.Provider.GetRequiredService<IMeshExplain>();
            for (int i = 0; i < RequestsEach; i++)
            {
                using HttpRequestMessage asked = AnyRequest(random, out HttpRequestMessage sent);
                MeshExplanation explanation = await explain.ExplainAsync(asked, TestContext.Current.CancellationToken);
                string what = $"seed {seed}, request {i}: {asked.Method} {asked.RequestUri} {asked.Headers}";
                Assert.Equal(1, explanation.Outcomes.Sum(static o => o.Probability), 9);
                Seen seen = await SendAsync(mesh, sent);
                Assert.True(explanation.Outcomes.Any(o => IsIt(o, seen)), $"{what} was {seen}, which is none of {string.Join("; ", explanation.Outcomes)}");
                answered += seen.Endpoint is null ? 0 : 1;
                refused += seen.Endpoint is null && seen.Status is null ? 1 : 0;
                certain += explanation.Outcomes.Length == 1 ? 1 : 0;
            }
        }

        Assert.True(answered > s_configurations && refused > s_configurations / 10 && certain > s_configurations, $"{answered} answered, {refused} refused, {certain} certain");
    }

    private static bool IsIt(OutcomeExplanation outcome, Seen seen)
    {
        if (outcome.AnswersWith is { } status)
        {
            return seen.Status == status && seen.Endpoint is null;
        }

        EndpointExplanation[] usable = [.. outcome.Endpoints.Where(static e => e.Status.IsUsable)];
        if (usable.Length == 0)
        {
            return seen is { Endpoint: null, Status: null };
        }

        int first = usable.Min(static e => e.Rank);
        return (outcome.Route ?? "") == seen.Route
            && outcome.PathAndQuery == seen.PathAndQuery
            && usable.Any(e => e.Rank == first && e.Status.Address == seen.Endpoint);
    }

    private static async Task<Seen> SendAsync(ScriptedMesh mesh, HttpRequestMessage request)
    {
        int[] before = [.. Enumerable.Range(1, 9).Select(n => mesh[n].Calls)];
        try
        {
            using HttpResponseMessage response = await mesh.Invoker.SendAsync(request, TestContext.Current.CancellationToken);
            ScriptedEndpoint? called = Enumerable.Range(1, 9).Select(n => mesh[n]).Where((e, i) => e.Calls > before[i]).SingleOrDefault();
            if (called is null)
            {
                return new Seen(null, "", "", (int)response.StatusCode);
            }

            ScriptedRequest arrived = called.Requests[^1];
            return new Seen(called.Authority, arrived.Headers.GetValueOrDefault("x-route", ""), arrived.Uri!.PathAndQuery, (int)response.StatusCode);
        }
        catch (MeshException)
        {
            return new Seen(null, "", "", null);
        }
    }

    private static ScriptedMesh AnyMesh(SeededRandom random)
    {
        var mesh = new ScriptedMesh(orders =>
        {
            orders.LoadBalancing.Policy = Any(random, "First", "RoundRobin", "LeastRequest");
            orders.CircuitBreaker.MaxEjectionPercent = 100;
            orders.Retry.MaxAttempts = 1;
            orders.Subsets.Fallback = Any(random, SubsetFallback.None, SubsetFallback.Any, SubsetFallback.Default);
            orders.Subsets.Default["version"] = "v1";
            if (random.Next(3) == 0)
            {
                orders.Lanes.Strict.Add(Any(random, "blue", "*"));
            }

            for (int i = random.Next(5); i > 0; i--)
            {
                orders.Routes.Add(AnyRoute(random, $"r{i}"));
            }
        });
        mesh.Registry.Set("orders", new EndpointSet([.. Enumerable.Range(1, 1 + random.Next(6)).Select(n => AnyEndpoint(random, n))]));
        mesh.Registry.Set("archive", new EndpointSet([.. Enumerable.Range(7, 1 + random.Next(2)).Select(n => AnyEndpoint(random, n))]));
        IMeshStatus status = mesh.Provider.GetRequiredService<IMeshStatus>();
        using var first = new HttpRequestMessage(HttpMethod.Get, "http://orders/never");
        mesh.Provider.GetRequiredService<IMeshExplain>().ExplainAsync(first).GetAwaiter().GetResult();
        for (int i = random.Next(4); i > 0; i--)
        {
            status.Isolate("orders", $"10.0.0.{1 + random.Next(6)}:80");
        }

        return mesh;
    }

    private static RouteRuleOptions AnyRoute(SeededRandom random, string name)
    {
        var route = new RouteRuleOptions { Name = name };
        route.RequestHeaders.Set["x-route"] = name;
        RouteMatchOptions match = route.Match;
        switch (random.Next(5))
        {
            case 0: match.Prefix = Any(random, s_paths); break;
            case 1: match.Exact = Any(random, s_paths); break;
            case 2: match.Path = Any(random, "/a/**", "/*/b", "/**", "/a", "/x y"); break;
            case 3: match.PathRegex = Any(random, "/a.*", "/[a-c]/b", ".*"); break;
        }

        match.IgnoreCase = random.Next(2) == 0;
        match.Fraction = Any(random, 1, 1, 1, 0.5, 0);
        match.Lane = Any(random, "", "", "", "*", "blue");
        if (random.Next(4) == 0)
        {
            match.Methods.Add("POST");
        }

        if (random.Next(3) == 0)
        {
            match.Headers["x-k"] = Any(
                random, new ValueMatchOptions { Exact = "1" }, new() { Exact = "1", Invert = true }, new() { Present = false }, new() { Range = "1-3", MissingIsEmpty = true, Invert = true }, new() { Regex = "[02]" });
        }

        if (random.Next(5) == 0)
        {
            match.Query["q"] = Any(random, new ValueMatchOptions { Prefix = "a" }, new() { Present = true });
        }

        for (int i = random.Next(4); i > 0; i--)
        {
            var split = new SplitOptions { Weight = random.Next(3), Service = Any(random, "", "", "archive") };
            if (random.Next(2) == 0)
            {
                split.Labels["version"] = Any(random, s_versions);
            }

            route.Split.Add(split);
        }

        if (route.Split.Count > 0 && route.Split.All(static s => s.Weight == 0))
        {
            route.Split[0].Weight = 1;
        }

        route.SplitKey = Any(random, "", "header:x-k", "path");
        route.Lane = Any(random, "", "", "blue");
        if (random.Next(3) == 0)
        {
            route.Rewrite.Path = "/rewritten";
        }

        if (random.Next(8) == 0)
        {
            route.Respond = new DirectResponseOptions { Status = 418 };
        }

        return route;
    }

    private static MeshEndpoint AnyEndpoint(SeededRandom random, int number)
    {
        List<KeyValuePair<string, string>> labels = [];
        if (random.Next(4) > 0)
        {
            labels.Add(new("version", Any(random, s_versions)));
        }

        if (random.Next(3) == 0)
        {
            labels.Add(new("lane", Any(random, s_lanes)));
        }

        return new MeshEndpoint($"10.0.0.{number}", 80) { Labels = LabelSet.Create(labels) };
    }

    private static HttpRequestMessage AnyRequest(SeededRandom random, out HttpRequestMessage same)
    {
        HttpMethod method = Any(random, HttpMethod.Get, HttpMethod.Get, HttpMethod.Post);
        string uri = $"http://orders{Any(random, s_paths)}{Any(random, "", "?q=abc", "?q=b&r=1")}";
        string? lane = Any(random, null, null, "blue", "green", "red");
        string? key = Any(random, null, "0", "1", "2");
        same = Make();
        return Make();

        HttpRequestMessage Make()
        {
            var request = new HttpRequestMessage(method, uri);
            if (lane is not null)
            {
                request.Headers.Add("baggage", $"mesh-lane={lane}");
            }

            if (key is not null)
            {
                request.Headers.Add("x-k", key);
            }

            return request;
        }
    }

    private static T Any<T>(SeededRandom random, params T[] values) => values[random.Next(values.Length)];

    private sealed record Seen(string? Endpoint, string Route, string PathAndQuery, int? Status);
}
