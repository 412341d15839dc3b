using System.Net;
using Mesh.Client.Consul.Tests.Fakes;

namespace Mesh.Client.Consul.Tests.Policies;

/// <summary>Policies out of a scripted Consul's KV store.</summary>
public sealed class ConsulPolicySourceTests : IDisposable
{
    private readonly FollowedPolicies _followed = new();

    public void Dispose() => _followed.Dispose();

    [Fact]
    public async Task Keys_BeneathThePrefix_AreDocuments()
    {
        _followed.Set(9, ("", null), ("_all.json", "{}"), ("orders", "{ \"a\": \"é\" }"), ("stock.json", "1"), ("team/", null), ("team/deep", "2"), ("empty", null), (".json", "3"));
        _followed.Follow();

        await _followed.UntilAsync(() => !_followed.Said.IsEmpty);

        Assert.Equal(
            "mesh/policies/_all.json=:{} mesh/policies/orders=orders:{ \"a\": \"é\" } mesh/policies/stock.json=stock:1 mesh/policies/team/deep=team/deep:2 mesh/policies/empty=empty: mesh/policies/.json=.json:3",
            _followed.State);
        Assert.Contains("recurse", _followed.Asked[0].Uri.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_AreWaitedForWithTheIndex()
    {
        _followed.Set(9);
        _followed.Follow();
        await _followed.UntilAsync(() => !_followed.Said.IsEmpty);
        Assert.Equal("", _followed.State);

        _followed.Set(12, ("orders", "{}"));
        await _followed.UntilAsync(() => _followed.State.Length > 0);
        _followed.Set(14);
        await _followed.UntilAsync(() => _followed.State.Length == 0);

        Assert.Equal([null, "9", "12"], _followed.Asked.Take(3).Select(static a => a["index"]));
        Assert.Empty(_followed.Failures);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "", "key:read on key_prefix \"mesh/policies/\"")]
    [InlineData(HttpStatusCode.InternalServerError, "", "was answered with 500")]
    [InlineData(HttpStatusCode.OK, "[{\"Key\":\"mesh/policies/orders\",\"Value\":\"not base64!\"}]", "something else than Consul's")]
    [InlineData(HttpStatusCode.OK, "[{\"Key\":", "something else than Consul's")]
    [InlineData(HttpStatusCode.OK, "{}", "something else than Consul's")]
    public async Task Answer_ThatCannotBeUsed_FailsAndSaysNothing(HttpStatusCode status, string body, string words)
    {
        _followed.Set(9, ("orders", "{}"));
        _followed.Follow();
        await _followed.UntilAsync(() => !_followed.Said.IsEmpty);

        _followed.Consul.Set(FollowedPolicies.Path, new Reply(body, 10) { Status = status });
        await _followed.UntilAsync(() => !_followed.Failures.IsEmpty);

        Assert.Contains(words, _followed.Failures.First().Message, StringComparison.Ordinal);
        Assert.Single(_followed.Said);
        _followed.Set(11, ("orders", "{ }"));
        await _followed.UntilAsync(() => _followed.State.EndsWith("{ }", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NotFound_WithoutAnIndex_IsNotConsuls()
    {
        _followed.Consul.Set(FollowedPolicies.Path, new Reply("no such page") { Status = HttpStatusCode.NotFound });
        _followed.Follow();

        await _followed.UntilAsync(() => !_followed.Failures.IsEmpty);

        Assert.Contains("was answered with 404: no such page", _followed.Failures.First().Message, StringComparison.Ordinal);
        Assert.Empty(_followed.Said);
    }

    [Fact]
    public async Task Answer_WithoutALeader_IsNoUpdate()
    {
        _followed.Set(9, ("orders", "{}"));
        _followed.Follow();
        await _followed.UntilAsync(() => !_followed.Said.IsEmpty);

        _followed.Consul.Set(FollowedPolicies.Path, FollowedPolicies.Keys(10) with { KnownLeader = false });
        await _followed.UntilAsync(() => !_followed.Failures.IsEmpty);

        Assert.Contains("knows no leader", _followed.Failures.First().Message, StringComparison.Ordinal);
        Assert.All(_followed.Said, static d => Assert.Single(d.Documents));
    }

    [Fact]
    public async Task Wipe_OfConsul_HoldsTheDocumentsForTheGraceUnlessTheyComeBack()
    {
        _followed.Set(90, ("orders", "1"), ("stock", "1"));
        _followed.Follow();
        await _followed.UntilAsync(() => !_followed.Said.IsEmpty);
        DateTimeOffset wiped = _followed.Clock.GetUtcNow();

        _followed.Set(3);
        await _followed.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Contains("orders", _followed.State, StringComparison.Ordinal);
        _followed.Set(5, ("stock", "2"));
        await _followed.UntilAsync(() => _followed.State.Contains("stock:2", StringComparison.Ordinal));
        Assert.Contains("mesh/policies/orders=orders:1", _followed.State, StringComparison.Ordinal);

        await _followed.UntilAsync(() => !_followed.State.Contains("orders", StringComparison.Ordinal), 0.5);
        Assert.InRange(_followed.Clock.GetUtcNow() - wiped, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(36));
        Assert.Contains("stock:2", _followed.State, StringComparison.Ordinal);
        Assert.True(_followed.Asked.Length < 20, $"{_followed.Asked.Length} questions");
    }

    [Fact]
    public async Task IndexThatGoesBack_OfAServerThatLags_IsAskedOfTheLeaderFirst()
    {
        _followed.Set(90, ("orders", "1"));
        _followed.Follow();
        await _followed.UntilAsync(() => !_followed.Said.IsEmpty);

        // Let the query that waits have it.
        _followed.Consul.Next.Enqueue(FollowedPolicies.Keys(50));
        _followed.Set(91, ("orders", "2"));
        await _followed.UntilAsync(() => _followed.Asked.Length > 3);

        Assert.DoesNotContain(_followed.Said, static d => d.Documents.IsEmpty);
        Assert.Contains(_followed.Asked, static a => !a.IsStale);
    }

    [Fact]
    public async Task Prefix_ThatIsEmpty_AsksNothingUntilThereIsOne()
    {
        _followed.Policy = new ConsulPolicy { PolicyPrefix = "" };
        _followed.Set(9, ("orders", "{}"));
        _followed.Follow();
        await _followed.PassAsync(TimeSpan.FromSeconds(20), 1);
        Assert.Empty(_followed.Asked);

        _followed.Policy = new ConsulPolicy();
        await _followed.UntilAsync(() => _followed.State.Length > 0);
        _followed.Policy = new ConsulPolicy { PolicyPrefix = "" };
        await _followed.UntilAsync(() => _followed.State.Length == 0, 1);
    }

    [Fact]
    public async Task Keys_ThatChangeAllTheTime_AreAskedForOnceASecond()
    {
        for (ulong i = 1; i <= 100; i++)
        {
            _followed.Consul.Next.Enqueue(FollowedPolicies.Keys(i, ("orders", $"{i}")));
        }

        _followed.Follow();
        await _followed.PassAsync(TimeSpan.FromSeconds(20));

        Assert.InRange(_followed.Asked.Length, 20, 28);
    }

    [Fact]
    public async Task Keys_ThatTheTokenMayNotReadAnyMore_AreNotDeleted()
    {
        _followed.Set(9, ("orders", "{}"), ("stock", "{}"));
        _followed.Follow();
        await _followed.UntilAsync(() => !_followed.Said.IsEmpty);

        // As Consul answers: left out of the list, and refused by name.
        _followed.Consul.Set($"{FollowedPolicies.Path}orders", new Reply("Permission denied") { Status = HttpStatusCode.Forbidden });
        _followed.Set(10, ("stock", "{}"));
        await _followed.UntilAsync(() => !_followed.Failures.IsEmpty);
        Assert.Contains("/v1/kv/mesh/policies/orders?stale was answered with 403: Permission denied. Check Mesh:Consul:Token: it needs key:read", _followed.Failures.First().Message, StringComparison.Ordinal);
        Assert.Single(_followed.Said);

        _followed.Consul.Set($"{FollowedPolicies.Path}orders", FollowedPolicies.Keys(11));
        await _followed.UntilAsync(() => _followed.State == "mesh/policies/stock=stock:{}");
    }

    [Fact]
    public async Task Folder_ThatTheTokenMayNotRead_IsNotAnEmptyOne()
    {
        // What is asked for by its name is the folder itself.
        _followed.Consul.Next.Enqueue(FollowedPolicies.Keys(9));
        _followed.Consul.Set(FollowedPolicies.Path, new Reply("Permission denied") { Status = HttpStatusCode.Forbidden });
        _followed.Follow();
        await _followed.UntilAsync(() => !_followed.Failures.IsEmpty);

        Assert.Empty(_followed.Said);
        Assert.Contains("PolicyPrefix", _followed.Failures.First().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wipe_WhoseFirstAnswerCannotBeUsed_HoldsTheDocumentsAllTheSame()
    {
        _followed.Set(90, ("orders", "1"));
        _followed.Follow();
        await _followed.UntilAsync(() => !_followed.Said.IsEmpty);

        _followed.Consul.Set(FollowedPolicies.Path, new Reply("[{", 3));
        await _followed.UntilAsync(() => _followed.Failures.Count > 1);
        _followed.Set(4);
        await _followed.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal("mesh/policies/orders=orders:1", _followed.State);
    }
}
