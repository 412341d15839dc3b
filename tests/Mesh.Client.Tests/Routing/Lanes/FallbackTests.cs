using System.Diagnostics.Metrics;
using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Routing.Lanes;

/// <summary>Where calls go whose subset or lane has nobody, and who is told.</summary>
public sealed class FallbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SubsetFallback.None, "")]
    [InlineData(SubsetFallback.Any, "1 2 3")]
    [InlineData(SubsetFallback.Default, "1 2")]
    public async Task Subset_WithoutAHealthyEndpoint_FollowsTheRule(SubsetFallback rule, string hosts)
    {
        using ScriptedMesh mesh = Mesh(
            o =>
            {
                o.Subsets.Fallback = rule;
                o.Subsets.Default["version"] = "v1";
            },
            At(1, "version=v1"), At(2, "version=v1"), At(3, "version=v3"), At(4, "version=v2"));

        Assert.Equal("4", await HostsAsync(mesh, "/v2"));
        Isolate(mesh, 4);
        Assert.Equal(hosts, await HostsAsync(mesh, "/v2"));
    }

    [Theory]
    [InlineData(SubsetFallback.None, "")]
    [InlineData(SubsetFallback.Any, "1 2")]
    [InlineData(SubsetFallback.Default, "1")]
    public async Task Subset_WithoutAnyEndpoint_FollowsTheRule(SubsetFallback rule, string hosts)
    {
        using ScriptedMesh mesh = Mesh(
            o =>
            {
                o.Subsets.Fallback = rule;
                o.Subsets.Default["version"] = "v1";
            },
            At(1, "version=v1"), At(2, "version=v3"));

        Assert.Equal(hosts, await HostsAsync(mesh, "/v2"));
        Assert.Equal("1 2", await HostsAsync(mesh, "/"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("blue")]
    [InlineData("green")]
    public async Task Subset_ThatNamesALane_IsTheLaneInWhateverLaneTheCallIs(string? lane)
    {
        using ScriptedMesh mesh = Mesh(
            static o => o.Routes.Add(new RouteRuleOptions { Match = { Prefix = "/blue" }, Split = [new SplitOptions { Labels = { ["lane"] = "blue" } }] }),
            At(1), At(2, "lane=blue"), At(3, "lane=green"), At(4, "lane=blue"));

        Assert.Equal("2 4", await HostsAsync(mesh, "/blue", lane));
    }

    [Fact]
    public async Task Subset_ThatNamesALane_IsNotForCallsOfAStrictOne()
    {
        using ScriptedMesh mesh = Mesh(
            static o =>
            {
                o.Lanes.Strict.Add("green");
                o.Routes.Add(new RouteRuleOptions { Match = { Prefix = "/blue" }, Split = [new SplitOptions { Labels = { ["lane"] = "blue" } }] });
            },
            At(1), At(2, "lane=blue"), At(3, "lane=green"));

        Assert.Equal("", await HostsAsync(mesh, "/blue", "green"));
    }

    [Fact]
    public async Task Subset_DefaultWithoutAHealthyEndpoint_Fails()
    {
        using ScriptedMesh mesh = Mesh(
            static o =>
            {
                o.Subsets.Fallback = SubsetFallback.Default;
                o.Subsets.Default["version"] = "v1";
            },
            At(1, "version=v1"), At(2, "version=v2"), At(3, "version=v3"));
        await HostsAsync(mesh, "/");
        Isolate(mesh, 1, 2);

        Assert.Equal("", await HostsAsync(mesh, "/v2"));
        Assert.Equal("3", await HostsAsync(mesh, "/"));
    }

    [Fact]
    public async Task Subset_InALane_PrefersBothThenTheSubsetThenTheLane()
    {
        using ScriptedMesh mesh = Mesh(
            static o => o.Subsets.Fallback = SubsetFallback.Any,
            At(1), At(2, "version=v2"), At(3, "version=v2,lane=blue"), At(4, "lane=blue"), At(5, "version=v2,lane=green"));

        Assert.Equal("3", await HostsAsync(mesh, "/v2", "blue"));
        Isolate(mesh, 3);
        Assert.Equal("2", await HostsAsync(mesh, "/v2", "blue"));
        Isolate(mesh, 2);
        Assert.Equal("4", await HostsAsync(mesh, "/v2", "blue"));
        Isolate(mesh, 4);
        Assert.Equal("1", await HostsAsync(mesh, "/v2", "blue"));
        Isolate(mesh, 1);
        Assert.Equal("", await HostsAsync(mesh, "/v2", "blue"));
    }

    [Fact]
    public async Task Subset_OnlyInLanes_IsEmptyForCallsInNone()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Subsets.Fallback = SubsetFallback.Any, At(1), At(2, "version=v2,lane=blue"));

        Assert.Equal("1", await HostsAsync(mesh, "/v2"));
        Assert.Equal("2", await HostsAsync(mesh, "/v2", "blue"));
        Assert.Equal("1", await HostsAsync(mesh, "/v2", "green"));
    }

    [Fact]
    public async Task Lane_EveryEndpointIsInOne_ServesTheCallsInNoneToo()
    {
        using ScriptedMesh mesh = Mesh(null, At(1, "lane=blue"), At(2, "lane=green"));

        Assert.Equal("1 2", await HostsAsync(mesh, "/"));
        Assert.Equal("1", await HostsAsync(mesh, "/", "blue"));
        Assert.Equal("1 2", await HostsAsync(mesh, "/", "red"));
        Isolate(mesh, 1);
        Assert.Equal("", await HostsAsync(mesh, "/", "blue"));
    }

    [Fact]
    public async Task Lane_Warming_IsNotLeftForTheBaseline()
    {
        using ScriptedMesh mesh = Mesh(static o => o.LoadBalancing.SlowStart = TimeSpan.FromMinutes(1), At(1));
        await HostsAsync(mesh, "/");
        mesh.Clock.Advance(TimeSpan.FromMinutes(5));
        mesh.Registry.Set("orders", new EndpointSet([At(1), At(2, "lane=blue")]));
        await Waiting.Until.HoldsAsync(() => mesh.Nodes.Length == 2);

        Assert.Equal("2", await HostsAsync(mesh, "/", "blue"));
        Assert.Equal("1", await HostsAsync(mesh, "/"));
    }

    [Fact]
    public async Task Lane_WhoseInstanceFailsACall_IsTriedAgainInTheLane()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Retry.MaxAttempts = 2, At(1), At(2, "lane=blue"));
        await HostsAsync(mesh, "/");
        mesh[2].Reply(HttpStatusCode.ServiceUnavailable).Times(1);

        using HttpRequestMessage request = Request("/", "blue");
        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, mesh[2].Calls));
    }

    [Fact]
    public async Task Panic_OfALane_LeavesItForTheBaselineThatIsWell()
    {
        using ScriptedMesh mesh = Mesh(static o => o.CircuitBreaker.MaxEjectionPercent = 100, At(1), At(2, "lane=blue"), At(3, "lane=blue"), At(4, "lane=blue"));
        await HostsAsync(mesh, "/");
        Eject(mesh, 2, 3, 4);
        Assert.True(mesh.Services.InUse.Single().Ledger.InPanic);

        Assert.Equal("1", await HostsAsync(mesh, "/", "blue"));
        Assert.Equal("1", await HostsAsync(mesh, "/"));
    }

    [Fact]
    public async Task Panic_OfLaneAndBaseline_IgnoresTheGatesOfBoth()
    {
        using ScriptedMesh mesh = Mesh(static o => o.CircuitBreaker.MaxEjectionPercent = 100, At(1), At(2), At(3, "lane=blue"), At(4, "lane=blue"));
        await HostsAsync(mesh, "/");
        Eject(mesh, 1, 2, 3, 4);

        Assert.Equal("1 2", await HostsAsync(mesh, "/"));
        Assert.NotEqual("", await HostsAsync(mesh, "/", "blue"));
    }

    [Fact]
    public async Task Panic_OfTheBaselineAloneWhileLanesAreWell_IgnoresItsGates()
    {
        using ScriptedMesh mesh = Mesh(static o => o.CircuitBreaker.MaxEjectionPercent = 100, At(1), At(2, "lane=blue"), At(3, "lane=blue"), At(4, "lane=blue"));
        await HostsAsync(mesh, "/");
        Eject(mesh, 1);
        Assert.False(mesh.Services.InUse.Single().Ledger.InPanic);

        Assert.Equal("1", await HostsAsync(mesh, "/"));
    }

    [Fact]
    public async Task FailFast_PanicOfALane_RejectsNobodyInTheBaseline()
    {
        using ScriptedMesh mesh = Mesh(
            static o =>
            {
                o.CircuitBreaker.MaxEjectionPercent = 100;
                o.CircuitBreaker.FailFast = true;
            },
            At(1), At(2, "lane=blue"), At(3, "lane=blue"), At(4, "lane=blue"));
        await HostsAsync(mesh, "/");
        Eject(mesh, 2, 3, 4);

        Assert.Equal("1", await HostsAsync(mesh, "/"));
        Assert.Equal("1", await HostsAsync(mesh, "/", "blue"));
        Eject(mesh, 1);
        Assert.Equal("", await HostsAsync(mesh, "/"));
        Assert.Equal("", await HostsAsync(mesh, "/", "blue"));
    }

    [Fact]
    public async Task SubsetSize_WithLanes_ChoosesWithinEach()
    {
        using ScriptedMesh mesh = Mesh(
            static o => o.LoadBalancing.SubsetSize = 2,
            [.. Enumerable.Range(1, 6).Select(static i => At(i)), .. Enumerable.Range(7, 6).Select(static i => At(i, "lane=blue"))]);

        string[] baseline = (await HostsAsync(mesh, "/")).Split(' ');
        string[] blue = (await HostsAsync(mesh, "/", "blue")).Split(' ');

        Assert.Equal((2, 2), (baseline.Length, blue.Length));
        Assert.All(baseline, static h => Assert.InRange(int.Parse(h, System.Globalization.CultureInfo.InvariantCulture), 1, 6));
        Assert.All(blue, static h => Assert.InRange(int.Parse(h, System.Globalization.CultureInfo.InvariantCulture), 7, 12));
    }

    [Fact]
    public async Task Nearness_InALane_CountsWithinTheLane()
    {
        using ScriptedMesh mesh = Mesh(
            static o => o.LoadBalancing.Locality.PreferZone = true,
            At(1), At(2, "lane=blue") with { Locality = new Locality("eu", "eu-2") }, At(3) with { Locality = new Locality("eu", "eu-1") });

        Assert.Equal("2", await HostsAsync(mesh, "/", "blue"));
    }

    [Fact]
    public async Task Sticky_MarkOfTheBaseline_DoesNotKeepACallOutOfItsLane()
    {
        using ScriptedMesh mesh = Mesh(static o => o.LoadBalancing.Sticky = "cookie:at", At(1), At(2, "lane=blue"));
        using HttpResponseMessage first = await mesh.Client.GetAsync(new Uri("http://orders/"), Token);
        string mark = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using HttpRequestMessage request = Request("/", "blue");
        request.Headers.Add("Cookie", mark);

        using HttpResponseMessage inLane = await mesh.Client.SendAsync(request, Token);

        Assert.Equal((1, 1), (mesh[1].Calls, mesh[2].Calls));
        Assert.NotEqual(mark, inLane.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
    }

    [Fact]
    public async Task Status_OfFallbacks_CountsThemAndTheLogSaysWhenTheyBeginAndEnd()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Subsets.Fallback = SubsetFallback.Any, At(1), At(2, "lane=blue"), At(3, "version=v2"));
        var status = mesh.Provider.GetRequiredService<IMeshStatus>();
        await HostsAsync(mesh, "/", "blue");
        await HostsAsync(mesh, "/v2");
        Assert.Equal((0, 0), (status.GetServices().Single().LaneFallbacks, status.GetServices().Single().SubsetFallbacks));

        Isolate(mesh, 2, 3);
        await HostsAsync(mesh, "/", "blue");
        await HostsAsync(mesh, "/v2");

        Assert.Equal((30, 30), (status.GetServices().Single().LaneFallbacks, status.GetServices().Single().SubsetFallbacks));
        Assert.Equal(
            ["orders: calls fall back since lane blue has no endpoint that can be used", "orders: calls fall back since subset version=v2 has no endpoint that can be used"],
            mesh.Log.Of(2024));
        mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        await HostsAsync(mesh, "/", "blue");
        Assert.Empty(mesh.Log.Of(2025));
        mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["orders: calls no longer fall back; 30 did so far"], mesh.Log.Of(2025));
        mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("orders: calls no longer fall back; 60 did so far", mesh.Log.Of(2025)[^1]);
        await HostsAsync(mesh, "/", "blue");
        Assert.Equal(3, mesh.Log.Of(2024).Length);
    }

    [Fact]
    public async Task Figures_OfFallbacks_SayWhatWasLeft()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Subsets.Fallback = SubsetFallback.Any, At(1), At(2, "lane=blue"));
        Meter own = mesh.Services.Engine.Metrics.Meter;
        List<string> counted = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter, own) && instrument.Name == "mesh.client.fallbacks")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add($"{value} {string.Join(' ', tags.ToArray().Select(static t => t.Value))}"));
        listener.Start();
        await HostsAsync(mesh, "/");
        Isolate(mesh, 2);

        await HostsAsync(mesh, "/", "blue");
        await HostsAsync(mesh, "/v2");

        Assert.Equal(["1 orders lane", "1 orders subset"], counted.Distinct());
        Assert.Equal(60, counted.Count);
    }

    private static ScriptedMesh Mesh(Action<ServiceOptions>? orders, params MeshEndpoint[] endpoints)
    {
        var mesh = new ScriptedMesh(
            options =>
            {
                options.LoadBalancing.Policy = "RoundRobin";
                options.Retry.MaxAttempts = 1;
                options.Routes.Add(new RouteRuleOptions { Match = { Prefix = "/v2" }, Split = [new SplitOptions { Labels = { ["version"] = "v2" } }] });
                orders?.Invoke(options);
            },
            mesh: static mesh => mesh.ConfigureLocal(static local => (local.Region, local.Zone) = ("eu", "eu-1")));
        mesh.Registry.Set("orders", new EndpointSet([.. endpoints]));
        return mesh;
    }

    private static MeshEndpoint At(int host, string labels = "") => new($"10.0.0.{host}", 80)
    {
        Labels = LabelSet.Create(labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static l => KeyValuePair.Create(l.Split('=')[0], l.Split('=')[1]))),
    };

    private static void Isolate(ScriptedMesh mesh, params int[] hosts) =>
        Array.ForEach(hosts, h => mesh.Node($"10.0.0.{h}:80").SetIsolated(true, mesh.Clock.GetTimestamp()));

    private static void Eject(ScriptedMesh mesh, params int[] hosts)
    {
        foreach (int host in hosts)
        {
            EndpointNode node = mesh.Node($"10.0.0.{host}:80");
            for (int i = 0; i < 5; i++)
            {
                Assert.True(node.TryBegin(mesh.Clock.GetTimestamp(), ignoreGate: true, out Attempt attempt));
                attempt.Complete(new Client.Health.AttemptResult(Outcome.Failure, false, 0), mesh.Clock.GetTimestamp());
            }
        }
    }

    private static HttpRequestMessage Request(string path, string? lane)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"http://orders{path}");
        request.Headers.TryAddWithoutValidation("baggage", lane is null ? [] : [$"mesh-lane={lane}"]);
        return request;
    }

    // Where thirty calls go; none where they fail.
    private static async Task<string> HostsAsync(ScriptedMesh mesh, string path, string? lane = null)
    {
        int[] before = [.. Enumerable.Range(1, 12).Select(i => mesh[i].Calls)];
        for (int i = 0; i < 30; i++)
        {
            using HttpRequestMessage request = Request(path, lane);
            try
            {
                using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);
            }
            catch (MeshException error)
            {
                Assert.Equal(MeshError.NoEndpointAvailable, error.Error);
            }
        }

        return string.Join(' ', Enumerable.Range(1, 12).Where(i => mesh[i].Calls > before[i - 1]));
    }
}
