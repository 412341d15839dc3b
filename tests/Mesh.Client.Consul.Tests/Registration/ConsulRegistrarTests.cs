using System.Net;
using Mesh.Client.Consul.Tests.Fakes;
using Mesh.Client.Registration;

namespace Mesh.Client.Consul.Tests.Registration;

/// <summary>Instances are registered and taken out, and nothing is overwritten.</summary>
public sealed class ConsulRegistrarTests : IDisposable
{
    private readonly Registered _all = new();

    private ScriptedAgent Agent => _all.Agent;

    [Fact]
    public async Task RegisterAsync_Again_ReplacesWithoutASecondWatch()
    {
        await _all.RegisterAsync(Registered.O1 with { Weight = 10, Warmth = 0.1 });
        await _all.IsWatchedAsync();
        for (int i = 2; i <= 10; i++)
        {
            await _all.RegisterAsync(Registered.O1 with { Weight = 10, Warmth = i / 10.0 });
            await _all.PassAsync(TimeSpan.FromSeconds(3));
        }

        int before = Agent.Requests.Count;
        await _all.PassAsync(TimeSpan.FromMinutes(5), 1);
        Assert.Equal(10, (int)Agent.Service("o1")!["Weights"]!["Passing"]!);
        Assert.Equal(10, Agent.Registrations);
        Assert.InRange(Agent.Requests.Count - before, 4, 8);
        Assert.Equal(0, Agent.Count("PUT /v1/agent/service/deregister"));
    }

    [Fact]
    public async Task RegisterAsync_AnotherLiveProcessHasTheId_FailsAndOverwritesNothing()
    {
        await _all.RegisterAsync();
        InstanceConflictException error = await Assert.ThrowsAsync<InstanceConflictException>(() => _all.Process(8).RegisterAsync(Registered.O1 with { Host = "10.0.0.2" }, Registered.Ended).AsTask());

        Assert.Equal("o1", error.InstanceId);
        foreach (string part in (string[])["o1", "10.0.0.1:8080", "10.0.0.2:8080", "Registration:InstanceId", "Local:Instance"])
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }

        await _all.PassAsync(TimeSpan.FromMinutes(1), 0.5);
        Assert.Equal("10.0.0.1", (string?)Agent.Service("o1")!["Address"]);
        Assert.Equal(1, Agent.Registrations);
    }

    [Theory]
    [InlineData("""{"ID":"o1","Name":"orders","Address":"10.0.0.1","Port":8080}""", "", "", true)]
    [InlineData("""{"ID":"o1","Name":"orders","Address":"10.0.0.2","Port":8080}""", "", "", false)]
    [InlineData("""{"ID":"o1","Name":"orders","Address":"10.0.0.2","Port":8080,"Checks":[{"CheckID":"c"}]}""", "critical", "refused", true)]
    [InlineData("""{"ID":"o1","Name":"orders","Address":"10.0.0.2","Port":8080,"Checks":[{"CheckID":"c"}]}""", "critical", "", false)]
    [InlineData("""{"ID":"o1","Name":"orders","Address":"10.0.0.2","Port":8080,"Checks":[{"CheckID":"c"}]}""", "passing", "ok", false)]
    [InlineData("""{"ID":"o1","Name":"orders","Address":"10.0.0.2","Port":8080,"Checks":[{"CheckID":"_service_maintenance:o1"}]}""", "critical", "x", false)]
    public async Task RegisterAsync_IdIsTakenByAnother_IsTakenOverFromTheDeadOnly(string there, string status, string output, bool isDead)
    {
        Agent.Put(there);
        Agent.SetChecks("o1", status, output);
        Task register = _all.RegisterAsync();
        await _all.UntilAsync(() => register.IsCompleted);
        Exception? error = await Record.ExceptionAsync(() => register);

        Assert.Equal(isDead ? null : typeof(InstanceConflictException), error?.GetType());
        Assert.Equal(isDead ? 1 : 0, _all.Log.Of(3025).Count());
        Assert.Equal(isDead ? "10.0.0.1" : "10.0.0.2", (string?)Agent.Service("o1")!["Address"]);
    }

    [Fact]
    public async Task RegisterAsync_TheOtherIsIllForAMomentOnly_IsAConflict()
    {
        Agent.Put("""{"ID":"o1","Name":"orders","Address":"10.0.0.2","Port":8080,"Checks":[{"CheckID":"c"}]}""");
        Agent.SetChecks("o1", "critical", "TCP connect: Success");
        Task register = _all.RegisterAsync();
        await _all.PassAsync(TimeSpan.FromSeconds(2));
        Agent.SetChecks("o1", "passing", "TCP connect: Success");
        await _all.UntilAsync(() => register.IsCompleted);

        await Assert.ThrowsAsync<InstanceConflictException>(() => register);
    }

    [Fact]
    public async Task RegisterAsync_TwoAtOnce_TheLoserFindsOutAndDoesNotFight()
    {
        var both = new TaskCompletionSource();
        int writes = 0;
        Agent.BeforeWrite = _ =>
        {
            if (Interlocked.Increment(ref writes) == 2)
            {
                both.SetResult();
            }

            return both.Task;
        };
        Task one = _all.RegisterAsync();
        Task two = _all.Process(8).RegisterAsync(Registered.O1 with { Host = "10.0.0.2" }, Registered.Ended).AsTask();
        await Task.WhenAll(one, two);
        await _all.PassAsync(TimeSpan.FromMinutes(2), 0.5);

        Assert.Equal(2, Agent.Registrations);
        Assert.Single(_all.Log.Of(3026));
    }

    [Fact]
    public async Task RegisterAsync_AgentRefuses_NamesTheRightAndKeepsNothing()
    {
        Agent.ToWrites = new Reply("Permission denied") { Status = HttpStatusCode.Forbidden };
        IOException error = await Assert.ThrowsAnyAsync<IOException>(() => _all.RegisterAsync());
        int asked = Agent.Requests.Count;
        await _all.PassAsync(TimeSpan.FromMinutes(5), 1);

        Assert.Contains("service:write", error.Message, StringComparison.Ordinal);
        Assert.Equal(asked, Agent.Requests.Count);
    }

    [Fact]
    public async Task RegisterAsync_NobodyWouldSeeIt_Fails()
    {
        Agent.HasLeader = false;

        Assert.Contains("no leader", (await Assert.ThrowsAnyAsync<IOException>(() => _all.RegisterAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisterAsync_GivenUpWhileTheAgentIsTold_IsTakenOutAgain()
    {
        var told = new TaskCompletionSource();
        Agent.BeforeWrite = path => path.EndsWith("register", StringComparison.Ordinal) ? told.Task : Task.CompletedTask;
        using var end = new CancellationTokenSource();
        Task register = _all.Registrar.RegisterAsync(Registered.O1, end.Token).AsTask();
        await _all.UntilAsync(() => Agent.Registrations == 1);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => register);
        told.SetResult();
        await _all.PassAsync(TimeSpan.FromMinutes(1), 0.5);

        Assert.Null(Agent.Service("o1"));
    }

    [Fact]
    public async Task DeregisterAsync_Ours_IsTakenOutAndStaysOut()
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        await _all.Registrar.DeregisterAsync("o1", Registered.Ended);
        await _all.PassAsync(TimeSpan.FromMinutes(5), 1);

        Assert.Null(Agent.Service("o1"));
        Assert.Equal(1, Agent.Registrations);
    }

    [Fact]
    public async Task DeregisterAsync_AnothersOrUnknown_IsLeftAlone()
    {
        await _all.RegisterAsync();
        await _all.Process(8).DeregisterAsync("o1", Registered.Ended);
        await _all.Registrar.DeregisterAsync("unknown", Registered.Ended);
        await _all.Registrar.DeregisterAsync("..", Registered.Ended);

        Assert.NotNull(Agent.Service("o1"));
        Assert.Equal(0, Agent.Count("PUT /v1/agent/service/deregister"));
    }

    [Fact]
    public async Task DeregisterAsync_AgentIsAway_FailsAfterSomeTriesAndIsNotKept()
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        Agent.Always = Reply.Refused;
        Task deregister = _all.Registrar.DeregisterAsync("o1", Registered.Ended).AsTask();
        await _all.UntilAsync(() => deregister.IsCompleted);
        await Assert.ThrowsAnyAsync<IOException>(() => deregister);
        Agent.Always = null;
        Agent.Remove("o1");
        await _all.PassAsync(TimeSpan.FromMinutes(2), 0.5);

        Assert.Null(Agent.Service("o1"));
    }

    [Fact]
    public async Task DeregisterAsync_AgentHangs_EndsWithTheCaller()
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        Agent.Always = Reply.Silence;
        using var end = new CancellationTokenSource();
        Task deregister = _all.Registrar.DeregisterAsync("o1", end.Token).AsTask();
        await _all.PassAsync(TimeSpan.FromSeconds(1));
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deregister);
    }

    [Fact]
    public async Task Ttl_IsKeptPassingThreeTimesInItsInterval()
    {
        await _all.RegisterAsync(Registered.O1 with { Checks = [new InstanceCheck(InstanceCheckType.Ttl) { Interval = TimeSpan.FromSeconds(30) }] });
        await _all.PassAsync(TimeSpan.FromSeconds(61), 0.5);
        int passes = Agent.Count("PUT /v1/agent/check/pass/");
        await _all.Registrar.DeregisterAsync("o1", Registered.Ended);
        int after = Agent.Requests.Count;
        await _all.PassAsync(TimeSpan.FromMinutes(2), 1);

        Assert.InRange(passes, 6, 8);
        Assert.Equal(after, Agent.Requests.Count);
    }

    [Fact]
    public async Task Ttl_IdBelongsToAnother_IsNotPassed()
    {
        await _all.RegisterAsync(Registered.O1 with { Checks = [new InstanceCheck(InstanceCheckType.Ttl) { Interval = TimeSpan.FromSeconds(3) }] });
        await _all.IsWatchedAsync();
        Agent.Put("""{"ID":"o1","Name":"orders","Address":"10.0.0.2","Port":9090}""");
        await _all.PassAsync(TimeSpan.FromSeconds(5));
        int passes = Agent.Count("PUT /v1/agent/check/pass/");
        await _all.PassAsync(TimeSpan.FromMinutes(1), 0.5);

        Assert.Equal(passes, Agent.Count("PUT /v1/agent/check/pass/"));
    }

    [Fact]
    public async Task Dispose_TakesNothingOutAndEndsTheWatch()
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        _all.Registrar.Dispose();
        int after = Agent.Requests.Count;
        await _all.PassAsync(TimeSpan.FromMinutes(5), 1);

        Assert.NotNull(Agent.Service("o1"));
        Assert.Equal(after, Agent.Requests.Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _all.RegisterAsync());
    }

    public void Dispose() => _all.Dispose();
}
