using System.Net;
using Mesh.Client.Consul.Tests.Fakes;
using Mesh.Client.Model;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Consul.Tests.Discovery;

/// <summary>What the source does when Consul fails it.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly Followed _followed = new();

    private Asked[] Questions => _followed.Consul.About(Bodies.Orders);

    public static TheoryData<string, int, string> Bad => new()
    {
        { "500", 500, "rpc error" },
        { "503", 503, "" },
        { "429", 429, "Your IP is issuing too many concurrent connections" },
        { "403", 403, "Permission denied" },
        { "404", 404, "" },
        { "302", 302, "" },
        { "truncated", 200, """[{"Node":{"Node":"n1","Addr""" },
        { "no list", 200, "{}" },
        { "a number", 200, "17" },
        { "no JSON", 200, "<html>hello</html>" },
        { "nothing", 200, "" },
        { "port is text", 200, """[{"Service":{"Port":"80"}}]""" },
        { "port is huge", 200, """[{"Service":{"Port":99999999999999999999}}]""" },
        { "tags are a number", 200, """[{"Service":{"Tags":7}}]""" },
        { "meta is a list", 200, """[{"Service":{"Meta":[]}}]""" },
        { "entry is a text", 200, """["orders"]""" },
        { "more follows", 200, "[] []" },
        { "nested", 200, new string('[', 10_000) },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Watch_AnswerIsBad_SaysThatItFailsOnceAndFindsBack(string name, int status, string body)
    {
        _ = name;
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);
        _followed.Consul.Set(Bodies.Orders, new Reply(body, 11) { Status = (HttpStatusCode)status });
        await _followed.PassAsync(TimeSpan.FromSeconds(30));
        int asked = Questions.Length;
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 12));
        await _followed.UntilAsync(() => _followed.State == "1");

        Assert.Equal(["1", nameof(SourceFailing), "1"], _followed.Said.Select(Followed.Describe));
        Assert.InRange(asked, 3, 80);
        Assert.InRange(_followed.Log.Entries.Count(static e => e.Level >= Microsoft.Extensions.Logging.LogLevel.Information), 1, 30);
        Assert.All(_followed.Log.Entries, static e => Assert.InRange(e.Message.Length, 1, 1000));
    }

    [Fact]
    public async Task Watch_RefusedByAcl_SaysWhatTheTokenNeeds()
    {
        _followed.Policy = new ConsulPolicy { Token = "very-secret" };
        _followed.Consul.Set(Bodies.Orders, new Reply("Permission denied", 11) { Status = HttpStatusCode.Forbidden });
        _followed.Follow();
        await _followed.UntilAsync(() => _followed.Last is SourceFailing);

        string message = ((SourceFailing)_followed.Last!).Error.Message;
        Assert.Contains("service:read", message, StringComparison.Ordinal);
        Assert.Contains(Bodies.Orders, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_OnlyThisServiceFails_IsTriedEverMoreSlowly()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply("no", 11) { Status = HttpStatusCode.Forbidden });
        _followed.Follow();
        await _followed.PassAsync(TimeSpan.FromMinutes(10), 0.5);

        Assert.InRange(Questions.Length, 20, 80);
        Assert.Empty(_followed.Consul.About("/v1/status/leader"));
        Assert.Single(_followed.Said);
    }

    [Fact]
    public async Task Watch_ConsulIsDown_OneAsksForAllAndAllComeBackSoon()
    {
        const int Services = 50;
        var said = new System.Collections.Concurrent.ConcurrentQueue<EndpointUpdate>[Services];
        for (int i = 0; i < Services; i++)
        {
            _followed.Consul.Set($"/v1/health/service/s{i}", new Reply(Bodies.Ports(1), 10));
            _followed.Follow($"s{i}", said[i] = []);
        }

        await _followed.UntilAsync(() => said.All(static s => s.Count == 1));
        for (int i = 0; i < Services; i++)
        {
            _followed.Consul.Set($"/v1/health/service/s{i}", Reply.Refused);
        }

        _followed.Consul.Set("/v1/status/leader", Reply.Refused);
        await _followed.PassAsync(TimeSpan.FromSeconds(60));
        Assert.All(said, static s => Assert.Equal(["1", nameof(SourceFailing)], s.Select(Followed.Describe)));
        Assert.InRange(_followed.Consul.About("/v1/status/leader").Length, 30, 150);
        Assert.InRange(_followed.Consul.Requests.Count, 0, (Services * 4) + 150);
        Assert.Single(_followed.Log.Of(3000));

        for (int i = 0; i < Services; i++)
        {
            _followed.Consul.Set($"/v1/health/service/s{i}", new Reply(Bodies.Ports(2), 20));
        }

        // A Consul without a leader is not back.
        _followed.Consul.Set("/v1/status/leader", new Reply("\"\""));
        int before = _followed.Consul.Requests.Count(static r => r.Path.StartsWith("/v1/health", StringComparison.Ordinal));
        await _followed.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(before, _followed.Consul.Requests.Count(static r => r.Path.StartsWith("/v1/health", StringComparison.Ordinal)));
        _followed.Consul.Set("/v1/status/leader", new Reply("\"127.0.0.1:8300\""));
        await _followed.PassAsync(TimeSpan.FromSeconds(4));
        Assert.All(said, static s => Assert.Equal("2", Followed.Describe(s.Last())));
        Assert.Single(_followed.Log.Of(3001));
    }

    [Fact]
    public async Task Watch_BegunWhileConsulIsDown_FailsAtOnce()
    {
        _followed.Consul.Set(Bodies.Orders, Reply.Refused);
        _followed.Consul.Set("/v1/status/leader", Reply.Refused);
        _followed.Follow();
        await _followed.UntilAsync(() => _followed.Last is SourceFailing);
        System.Collections.Concurrent.ConcurrentQueue<EndpointUpdate> late = [];
        _followed.Follow("late", late);
        await _followed.Clock.SettleAsync();

        Assert.Equal(nameof(SourceFailing), Followed.Describe(late.Single()));
        Assert.Empty(_followed.Consul.About("/v1/health/service/late"));
    }

    [Fact]
    public async Task Watch_NoKnownLeader_IsNoUpdate()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);
        _followed.Consul.Set(Bodies.Orders, new Reply("[]", 11) { KnownLeader = false });
        await _followed.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(["1", nameof(SourceFailing)], _followed.Said.Select(Followed.Describe));
    }

    [Fact]
    public async Task Watch_CachedEmptyAnswer_IsNoUpdate()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        _followed.Follow();
        await _followed.UntilAsync(() => Questions.Length == 2);
        _followed.Consul.Set(Bodies.Orders, new Reply("[]", 11) { Cached = true });
        await _followed.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(["1"], _followed.Said.Select(Followed.Describe));
    }

    [Fact]
    public async Task Watch_EmptyAnswers_TellUnknownFromMissing()
    {
        _followed.Follow();
        await _followed.UntilAsync(() => _followed.Last is ServiceNotFound);
        _followed.Consul.Set(Bodies.Orders, new Reply(Bodies.Ports(1), 10));
        await _followed.UntilAsync(() => _followed.State == "1");
        _followed.Consul.Set(Bodies.Orders, new Reply("[]", 11));
        await _followed.UntilAsync(() => _followed.Last is EndpointsEmpty { Confirmed: false });
        _followed.Consul.Set(Bodies.Orders, new Reply($"[{Bodies.Instance("\"ID\":\"a\",\"Port\":1", "critical")}]", 12));
        await _followed.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(["ServiceNotFound", "1", "EndpointsEmpty"], _followed.Said.Select(Followed.Describe));
    }

    [Fact]
    public async Task Watch_AllInstancesCriticalFromTheStart_IsEmptyAndNotUnknown()
    {
        _followed.Consul.Set(Bodies.Orders, new Reply($"[{Bodies.Instance("\"ID\":\"a\",\"Port\":1", "critical")}]", 12));
        _followed.Follow();
        await _followed.UntilAsync(() => _followed.Last is not null);

        Assert.Equal(EndpointUpdate.Empty(confirmed: false), _followed.Last);
    }

    public void Dispose() => _followed.Dispose();
}
