using System.Net;
using Mesh.Client.Health;
using Mesh.Client.Nodes;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Policies;

/// <summary>Sources of policies in a whole mesh.</summary>
public sealed class PolicyWatchTests
{
    private const string TwoSeconds = """{ "Timeout": "00:00:02" }""";
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Documents_InMemory_AreFollowedInARunningMesh()
    {
        var policies = new InMemoryPolicies();
        using var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(policies));
        Assert.NotEqual(2, Seconds(mesh));

        policies.Set("orders", TwoSeconds);
        await UntilAsync(mesh, () => Seconds(mesh) == 2);
        policies.SetWhole("_all", """{ "Services": { "stock": { "Timeout": "00:00:03" } } }""");
        await UntilAsync(mesh, () => mesh.Services.Engine.Configuration.Current.For("stock").Timeout.TotalSeconds == 3);
        policies.Remove("orders");
        await UntilAsync(mesh, () => Seconds(mesh) != 2);

        PolicySourceStatus source = Assert.Single(Status(mesh));
        Assert.Equal(("InMemory", null, "_all"), (source.Name, source.Error, Assert.Single(source.Documents).Key));
        Assert.NotNull(source.Age);
    }

    [Fact]
    public async Task Sources_OfWhichTwoSpeak_TheOneAddedLastCounts()
    {
        var first = new InMemoryPolicies();
        var last = new InMemoryPolicies();
        first.Set("orders", """{ "Timeout": "00:00:02", "AttemptTimeout": "00:00:01" }""");
        last.SetWhole("_all", """{ "Services": { "orders": { "Timeout": "00:00:04" } } }""");
        using var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(first).AddPolicySource(_ => last));

        await UntilAsync(mesh, () => Seconds(mesh) == 4 && mesh.Services.Engine.Configuration.Current.For("orders").AttemptTimeout.TotalSeconds == 1);
    }

    [Fact]
    public async Task Source_ThatThrowsAndEnds_IsStartedAgainAndItsDocumentsStay()
    {
        var policies = new ScriptedPolicies(
            _ => ScriptedPolicies.SayAndEnd(ScriptedPolicies.Orders(TwoSeconds)),
            _ => ScriptedPolicies.Throw("out of order"),
            _ => ScriptedPolicies.Throw("out of order"),
            token => ScriptedPolicies.SayAndHang(ScriptedPolicies.Orders("""{ "Timeout": "00:00:03" }"""), token));
        using var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(policies));

        _ = mesh.Services;
        await UntilAsync(mesh, () => policies.Watches == 3);
        Assert.Equal(2, Seconds(mesh));
        Assert.Contains("out of order", Assert.Single(Status(mesh)).Error, StringComparison.Ordinal);
        await UntilAsync(mesh, () => Seconds(mesh) == 3);

        Assert.Null(Assert.Single(Status(mesh)).Error);
        Assert.Single(mesh.Log.Of(2030));
        Assert.Single(mesh.Log.Of(2032));
    }

    [Fact]
    public async Task Source_ThatEndsAfterEachAnswer_IsStartedEverMoreRarely()
    {
        var policies = new ScriptedPolicies(_ => ScriptedPolicies.SayAndEnd(ScriptedPolicies.Orders(TwoSeconds)));
        using var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(policies));
        _ = mesh.Services;

        DateTimeOffset end = mesh.Clock.GetUtcNow() + TimeSpan.FromMinutes(5);
        await UntilAsync(mesh, () => mesh.Clock.GetUtcNow() >= end);

        Assert.InRange(policies.Watches, 5, 80);
        Assert.Single(mesh.Log.Of(2030));
    }

    [Fact]
    public async Task Source_ThatCannotBeMadeAtFirst_IsMadeLater()
    {
        int tries = 0;
        var policies = new InMemoryPolicies();
        policies.Set("orders", TwoSeconds);
        using var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(_ => ++tries < 3 ? throw new InvalidOperationException("not yet") : policies));

        await UntilAsync(mesh, () => Seconds(mesh) == 2);

        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task Source_ThatHangs_IsNotWaitedForAndEndsWithTheMesh()
    {
        using var hung = new ManualResetEventSlim();
        CancellationToken watch = default;
        var policies = new ScriptedPolicies(token =>
        {
            watch = token;
            hung.Set();
            return ScriptedPolicies.SayAndHang(ScriptedPolicies.Orders(TwoSeconds), token);
        });
        var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(policies));
        mesh[1].Reply(HttpStatusCode.OK).Always();

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/", TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => hung.IsSet);
        Assert.False(watch.IsCancellationRequested);
        mesh.Dispose();

        Assert.True(watch.IsCancellationRequested);
    }

    [Fact]
    public async Task Answers_ThatCannotBeUsed_AreAFailureAndTheLastGoodOnesStay()
    {
        var many = new PolicyDocuments([.. Enumerable.Range(0, 10_001).Select(static i => new PolicyDocument($"k{i}", null, "{}"))]);
        var policies = new ScriptedPolicies(
            _ => ScriptedPolicies.SayAndEnd(ScriptedPolicies.Orders(TwoSeconds)),
            _ => ScriptedPolicies.SayAndEnd(new PolicyDocuments(default)),
            _ => ScriptedPolicies.SayAndEnd(many));
        using var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(policies));

        _ = mesh.Services;
        await UntilAsync(mesh, () => policies.Watches == 4);

        Assert.Equal(2, Seconds(mesh));
        Assert.Contains(mesh.Log.Of(2031), static m => m.Contains("answered with null", StringComparison.Ordinal));
        Assert.Contains("10001 documents, more than 10000", Assert.Single(Status(mesh)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_ThatACallStarts_DoesNotCarryTheCallersContext()
    {
        var local = new AsyncLocal<string> { Value = "caller" };
        var seen = new TaskCompletionSource<string?>();
        using var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(_ =>
        {
            seen.SetResult(local.Value);
            return new InMemoryPolicies();
        }));
        _ = mesh.Services;

        Assert.Null(await seen.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Change_ThatDoesNotConcernTheBreaker_KeepsItsState()
    {
        var policies = new InMemoryPolicies();
        using var mesh = new ScriptedMesh(static o => o.Retry.MaxAttempts = 1, ["10.0.0.1:80", "10.0.0.2:80"], m => m.AddPolicySource(policies));
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable).Always();
        mesh[2].Reply(HttpStatusCode.OK).Always();
        for (int i = 0; i < 6; i++)
        {
            using HttpResponseMessage _ = await mesh.Client.GetAsync("http://orders/", TestContext.Current.CancellationToken);
        }

        EndpointNode node = mesh.Node("10.0.0.1:80");
        Assert.Equal(BreakerState.Open, node.State);
        policies.Set("orders", TwoSeconds);
        await UntilAsync(mesh, () => Seconds(mesh) == 2);

        Assert.Same(node, mesh.Node("10.0.0.1:80"));
        Assert.Equal(BreakerState.Open, node.State);
    }

    private static double Seconds(ScriptedMesh mesh) => mesh.Services.Engine.Configuration.Current.For("orders").Timeout.TotalSeconds;

    private static PolicySourceStatus[] Status(ScriptedMesh mesh) => [.. mesh.Provider.GetRequiredService<IMeshStatus>().GetPolicySources()];

    private static Task UntilAsync(ScriptedMesh mesh, Func<bool> condition) => mesh.Clock.AdvanceUntilAsync(condition, s_step, TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);
}
