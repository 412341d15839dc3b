using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.AnyInput;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Routing.Lanes;

/// <summary>What holds for every fleet in any state and calls in any lane.</summary>
public sealed class LanePropertyTests
{
    private static readonly string?[] s_lanes = [null, "blue", "green", "red"];
    private static readonly string[] s_balancers = ["First", "RoundRobin", "LeastRequest", "RingHash"];

    // A number is one endpoint: its lane (blue and green, half of them none), its zone and whether it is isolated or ejected, in mixed radix. The first one is the policy.
    private static readonly Arbitrary<int[]> AnyFleet = Gen.Choose(2, 10).SelectMany(static count => Gen.Choose(0, (4 * 3 * 4) - 1).ArrayOf(count)).ToArbitrary();

    [Fact]
    public void Call_AnyFleetAndLane_GoesToItsLaneElseToTheBaselineAndNeverAstray() => ForAny.Check(AnyFleet, Check, tests: 150);

    private static void Check(int[] input)
    {
        using ScriptedMesh mesh = MeshOf(input[0]);
        MeshEndpoint[] endpoints = [.. input.Skip(1).Select((n, i) => Endpoint(i + 1, n))];
        mesh.Registry.Set("orders", new EndpointSet([.. endpoints]));
        Send(mesh, null);
        EndpointNode[] nodes = mesh.Nodes;
        for (int i = 0; i < endpoints.Length; i++)
        {
            BreakOrNot(mesh, nodes.Single(n => n.Endpoint == endpoints[i]), input[i + 1] / 12);
        }

        foreach (string? lane in s_lanes)
        {
            EndpointNode[] own = [.. nodes.Where(n => lane is not null && LaneOf(n) == lane)];
            EndpointNode[] baseline = [.. nodes.Where(static n => LaneOf(n) is null)];
            for (int i = 0; i < 8; i++)
            {
                long now = mesh.Clock.GetTimestamp();
                bool ownIsWell = own.Any(n => n.IsAvailable(now));
                bool baselineIsWell = baseline.Any(n => n.IsAvailable(now));
                EndpointNode? picked = Send(mesh, lane);
                string state = $"lane {lane}, picked {picked?.Endpoint} of {string.Join("; ", nodes.Select(static n => $"{n.Endpoint} {LaneOf(n)} {n.State}"))}";

                Assert.True(picked is not null || !(ownIsWell || baselineIsWell), $"failed: {state}");
                Assert.True(picked is null || own.Length + baseline.Length == 0 || LaneOf(picked) is null || LaneOf(picked) == lane, $"astray: {state}");
                Assert.True(!ownIsWell || own.Contains(picked), $"left a lane that is well: {state}");
                Assert.True(ownIsWell || !baselineIsWell || baseline.Contains(picked), $"did not fall back: {state}");
            }
        }
    }

    private static ScriptedMesh MeshOf(int policy) => new(
        options =>
        {
            options.LoadBalancing.Policy = s_balancers[policy % 4];
            options.LoadBalancing.HashKey = policy / 4 % 2 == 0 ? "" : "path";
            options.LoadBalancing.Locality.PreferZone = policy / 8 % 2 == 0;
            options.LoadBalancing.SlowStart = policy / 16 % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(1);
            options.CircuitBreaker.MaxEjectionPercent = 100;
            options.Retry.MaxAttempts = 1;
        },
        mesh: static mesh => mesh.ConfigureLocal(static local => local.Zone = "z0"));

    private static MeshEndpoint Endpoint(int host, int number) => new($"10.0.0.{host}", 80)
    {
        Labels = (number % 4) switch { 0 => LabelSet.Create([new("lane", "blue")]), 1 => LabelSet.Create([new("lane", "green")]), _ => LabelSet.Empty },
        Locality = new Locality("", $"z{number / 4 % 3}"),
    };

    private static void BreakOrNot(ScriptedMesh mesh, EndpointNode node, int how)
    {
        if (how == 1)
        {
            node.SetIsolated(true, mesh.Clock.GetTimestamp());
        }

        for (int i = 0; i < 5 && how == 2; i++)
        {
            Assert.True(node.TryBegin(mesh.Clock.GetTimestamp(), ignoreGate: true, out Attempt attempt));
            attempt.Complete(new Client.Health.AttemptResult(Client.Model.Outcome.Failure, false, 0), mesh.Clock.GetTimestamp());
        }
    }

    private static string? LaneOf(EndpointNode node) => node.Endpoint.Labels.GetValueOrDefault("lane");

    private static EndpointNode? Send(ScriptedMesh mesh, string? lane)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://orders/{lane}");
        if (lane is not null)
        {
            request.Headers.TryAddWithoutValidation("baggage", $"mesh-lane={lane}");
        }

        int[] before = [.. mesh.Nodes.Select(n => mesh.Transport[n.Endpoint.Authority].Calls)];
        try
        {
            using HttpResponseMessage response = mesh.Client.Send(request, TestContext.Current.CancellationToken);
        }
        catch (MeshException)
        {
            return null;
        }

        return before.Length == 0 ? null : mesh.Nodes.Where((n, i) => mesh.Transport[n.Endpoint.Authority].Calls > before[i]).Single();
    }
}
