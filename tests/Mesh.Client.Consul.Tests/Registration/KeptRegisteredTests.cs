using System.Net;
using Mesh.Client.Consul.Tests.Fakes;
using Mesh.Client.Registration;

namespace Mesh.Client.Consul.Tests.Registration;

/// <summary>What was registered stays registered.</summary>
public sealed class KeptRegisteredTests : IDisposable
{
    private const string Foreign = """{"ID":"o1","Name":"orders","Address":"10.0.0.2","Port":9090,"Meta":{"mesh-process":"another"}}""";

    private readonly Registered _all = new();

    private ScriptedAgent Agent => _all.Agent;

    [Fact]
    public async Task Watch_TakenOutBySomebody_IsRegisteredAgainAtOnce()
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        Agent.Remove("o1");
        await _all.PassAsync(TimeSpan.FromSeconds(1));

        Assert.NotNull(Agent.Service("o1"));
        Assert.Single(_all.Log.Of(3022));
    }

    [Theory]
    [InlineData("\"Address\":\"10.9.9.9\",\"Port\":8080")]
    [InlineData("\"Address\":\"10.0.0.1\",\"Port\":1")]
    [InlineData("\"Address\":\"10.0.0.1\",\"Port\":8080,\"Tags\":[\"canary\"]")]
    public async Task Watch_ChangedBySomebody_IsPutRight(string change)
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        string process = (string)Agent.Service("o1")!["Meta"]!["mesh-process"]!;
        Agent.Put($$$"""{"ID":"o1","Name":"orders",{{{change}}},"Meta":{"mesh-process":"{{{process}}}"}}""");
        await _all.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(("10.0.0.1", 8080, 0), ((string)Agent.Service("o1")!["Address"]!, (int)Agent.Service("o1")!["Port"]!, Agent.Service("o1")!["Tags"]!.AsArray().Count));
    }

    [Fact]
    public async Task Watch_NothingChanges_IsAskedOnceAWaitAndNeverSaidAgain()
    {
        await _all.RegisterAsync();
        await _all.PassAsync(TimeSpan.FromMinutes(10), 1);

        Assert.Equal(1, Agent.Registrations);
        Assert.InRange(Agent.Requests.Count, 8, 20);
    }

    [Fact]
    public async Task Watch_SomebodyChangesItAllTheTime_IsPutRightOnceASecond()
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        for (int i = 0; i < 600; i++)
        {
            Agent.Remove("o1");
            await _all.PassAsync(TimeSpan.FromSeconds(0.1));
        }

        Assert.InRange(Agent.Registrations, 20, 75);
        Assert.InRange(_all.Log.Of(3022).Count(), 1, 15);
    }

    [Fact]
    public async Task Watch_AgentIsAwayForLong_ComesBackWithinTwoSecondsAndSaysLittle()
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        Agent.Always = Reply.Refused;
        Agent.Remove("o1");
        int before = Agent.Requests.Count;
        await _all.PassAsync(TimeSpan.FromMinutes(5), 0.1);
        Assert.InRange(Agent.Requests.Count - before, 150, 700);
        Agent.Always = null;
        await _all.PassAsync(TimeSpan.FromSeconds(2.2));

        Assert.NotNull(Agent.Service("o1"));
        Assert.Single(_all.Log.Of(3023));
        Assert.Single(_all.Log.Of(3024));
    }

    [Fact]
    public async Task Watch_AgentHasNoLeaderYet_IsToldOnceThereIsOne()
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        Agent.HasLeader = false;
        Agent.Remove("o1");
        await _all.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, Agent.Registrations);
        Agent.HasLeader = true;
        await _all.PassAsync(TimeSpan.FromSeconds(2.2));

        Assert.NotNull(Agent.Service("o1"));
    }

    [Fact]
    public async Task Watch_AgentStartedAgain_ChecksThatWereWellAreSaidToBeWell()
    {
        await _all.RegisterAsync(Registered.O1 with { Checks = [new InstanceCheck(InstanceCheckType.Tcp), new InstanceCheck(InstanceCheckType.Http)] });
        await _all.IsWatchedAsync();
        string ill = (string)Agent.Checks("o1")[1]["CheckID"]!;
        Agent.SetChecks("o1", "critical", "");
        Agent.Checks("o1")[0]["Status"] = "passing";
        await _all.PassAsync(TimeSpan.FromSeconds(70), 0.5);
        Agent.Always = Reply.Refused;
        await _all.PassAsync(TimeSpan.FromSeconds(70), 0.5);
        Agent.SetChecks("o1", "critical", "");
        Agent.Always = null;
        await _all.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal("critical", (string?)Agent.Checks("o1").Single(c => (string?)c["CheckID"] == ill)["Status"]);
        Assert.Equal("passing", (string?)Agent.Checks("o1").Single(c => (string?)c["CheckID"] != ill)["Status"]);
    }

    [Fact]
    public async Task Watch_AgentGoesAwayWhileAChecksStateIsSaid_CheckIsSaidAgain()
    {
        await _all.RegisterAsync(Registered.O1 with { Checks = [new InstanceCheck(InstanceCheckType.Tcp)] });
        await _all.IsWatchedAsync();
        Agent.Always = Reply.Refused;
        await _all.PassAsync(TimeSpan.FromSeconds(70), 0.5);
        Agent.SetChecks("o1", "critical", "");

        // It takes the check away, and dies before it is told anew.
        Agent.BeforeWrite = path => path == "/v1/agent/service/register" ? throw new HttpRequestException("connection reset") : Task.CompletedTask;
        Agent.Always = null;
        await _all.UntilAsync(() => Agent.Checks("o1").Length == 0);
        await _all.PassAsync(TimeSpan.FromSeconds(1));
        Agent.BeforeWrite = null;
        await _all.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal("passing", (string?)Assert.Single(Agent.Checks("o1"))["Status"]);
    }

    [Fact]
    public async Task Watch_AnotherProcessRegistersOverIt_IsLeftAloneUntilItIsGone()
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        Agent.Put(Foreign);
        await _all.PassAsync(TimeSpan.FromMinutes(5), 0.5);
        Assert.Equal("10.0.0.2", (string?)Agent.Service("o1")!["Address"]);
        string error = Assert.Single(_all.Log.Of(3026));
        Assert.Contains("10.0.0.1:8080", error, StringComparison.Ordinal);
        Assert.Contains("10.0.0.2:9090", error, StringComparison.Ordinal);
        Agent.Remove("o1");
        await _all.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal("10.0.0.1", (string?)Agent.Service("o1")!["Address"]);
    }

    [Theory]
    [InlineData(403, "Permission denied")]
    [InlineData(200, "[]")]
    [InlineData(200, "{\"Port\":\"x\"}")]
    [InlineData(200, "")]
    [InlineData(500, "rpc error")]
    public async Task Watch_AnswersAreBad_IsTriedEverMoreSlowlyWithFewLines(int status, string body)
    {
        await _all.RegisterAsync();
        await _all.IsWatchedAsync();
        Agent.Always = new Reply(body) { Status = (HttpStatusCode)status };
        Agent.Remove("o1");
        await _all.PassAsync(TimeSpan.FromMinutes(10), 1);
        Assert.InRange(_all.Log.Entries.Count, 2, 4);
        Agent.Always = null;
        await _all.PassAsync(TimeSpan.FromSeconds(12));

        Assert.NotNull(Agent.Service("o1"));
    }

    public void Dispose() => _all.Dispose();
}
