using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Mesh.Client.Consul.Tests.Fakes;
using Mesh.Client.Model;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Consul.Tests.Discovery;

/// <summary>Services beyond the places for queries of their own: they share a watch of the catalog.</summary>
public sealed class SharedWatchTests : IDisposable
{
    // Two places, so that the third service and all after it share.
    private const int First = 3;

    private readonly Followed _followed = new() { Policy = new ConsulPolicy { MaxConnections = 13 } };
    private readonly Dictionary<string, ConcurrentQueue<EndpointUpdate>> _said = [];
    private readonly Dictionary<int, (ulong Check, ulong Registration)> _services = [];
    private ulong _index = 10;

    [Fact]
    public async Task Watch_OfManyServices_HoldsFewQueries()
    {
        await StartAsync(20);

        int open = _followed.Consul.Requests.Count(static r => r["index"] is not null);
        Assert.Equal(4, open);
        Assert.All(_said.Values, static s => Assert.Equal("1", Followed.Describe(s.Last())));
    }

    [Fact]
    public async Task Watch_ACheckChanges_ReadsThatServiceAlone()
    {
        await StartAsync(20);
        int before = _followed.Consul.Requests.Count;
        Change(7, check: true, registration: false, port: 2);
        await _followed.UntilAsync(() => Followed.Describe(_said["s7"].Last()) == "2");
        await _followed.PassAsync(TimeSpan.FromSeconds(2));

        string[] asked = [.. _followed.Consul.Requests.Skip(before).Select(static r => r.Path)];
        Assert.Equal(["/v1/health/service/s7", "/v1/health/state/any"], asked.Distinct().Order(StringComparer.Ordinal));
        Assert.Single(asked, static p => p == "/v1/health/service/s7");
    }

    [Fact]
    public async Task Watch_ARegistrationChangesWithoutItsCheck_IsLookedForOnTheNodes()
    {
        await StartAsync(20);
        int before = _followed.Consul.Requests.Count;
        Change(9, check: false, registration: true, port: 2);
        await _followed.UntilAsync(() => Followed.Describe(_said["s9"].Last()) == "2");
        await _followed.PassAsync(TimeSpan.FromSeconds(2));

        string[] asked = [.. _followed.Consul.Requests.Skip(before).Select(static r => r.Path)];
        Assert.Contains("/v1/catalog/node-services/n1", asked);
        Assert.Equal("/v1/health/service/s9", Assert.Single(asked.Where(static p => p.StartsWith("/v1/health/service/", StringComparison.Ordinal)).Distinct()));
    }

    [Fact]
    public async Task Watch_OfAServiceThatAppears_FindsIt()
    {
        await StartAsync(10);
        _said["new"] = [];
        _followed.Follow("new", _said["new"]);
        await _followed.UntilAsync(() => _said["new"].LastOrDefault() is ServiceNotFound);
        _followed.Consul.Set("/v1/health/service/new", new Reply(Body(999, 1, (++_index, _index)), _index));
        Publish("new");
        await _followed.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal("1", Followed.Describe(_said["new"].Last()));
    }

    [Fact]
    public async Task Watch_NothingChanges_ComparesOnceAWaitAndReadsNoService()
    {
        await StartAsync(30);
        int before = _followed.Consul.Requests.Count;
        await _followed.PassAsync(TimeSpan.FromMinutes(5), 1);

        string[] asked = [.. _followed.Consul.Requests.Skip(before).Select(static r => r.Path)];
        Assert.InRange(asked.Length, 15, 40);
        Assert.DoesNotContain(asked, static p => p.StartsWith("/v1/health/service/s2", StringComparison.Ordinal) && p != "/v1/health/service/s2");
    }

    [Fact]
    public async Task Watch_ChangeThatNoQueryWokeFor_IsFoundWithinTwoWaits()
    {
        await StartAsync(20);
        (ulong check, ulong registration) = _services[8];
        _ = registration;
        _services[8] = (check, _index - 1);
        _followed.Consul.Set("/v1/health/service/s8", new Reply(Body(8, 2, _services[8]), _index - 1));
        _followed.Consul.Set("/v1/catalog/node-services/n1", new Reply(Registrations(), _index));
        await _followed.UntilAsync(() => Followed.Describe(_said["s8"].Last()) == "2", 0.5);

        Assert.InRange(_followed.Clock.GetUtcNow().TimeOfDay, TimeSpan.Zero, TimeSpan.FromMinutes(2.5));
    }

    [Fact]
    public async Task Watch_WideQueriesAreRefused_ServicesLookByThemselves()
    {
        await StartAsync(10);
        _followed.Consul.Set("/v1/health/state/any", new Reply("Permission denied", 1) { Status = HttpStatusCode.Forbidden });
        _followed.Consul.Set("/v1/catalog/services", new Reply("Permission denied", 1) { Status = HttpStatusCode.Forbidden });
        await _followed.PassAsync(TimeSpan.FromMinutes(2), 1);
        _services[5] = (77, 77);
        _followed.Consul.Set("/v1/health/service/s5", new Reply(Body(5, 2, _services[5]), 77));
        await _followed.PassAsync(TimeSpan.FromSeconds(15), 0.5);

        Assert.Equal("2", Followed.Describe(_said["s5"].Last()));
        Assert.Equal(2, _followed.Log.Of(3007).Count());
    }

    [Fact]
    public async Task Watch_ConsulIsDownAndComesBack_AllServicesKnowAndAreReadAnew()
    {
        await StartAsync(20);
        foreach (string path in Paths())
        {
            _followed.Consul.Set(path, Reply.Refused);
        }

        _followed.Consul.Set("/v1/status/leader", Reply.Refused);
        await _followed.PassAsync(TimeSpan.FromSeconds(20));
        Assert.All(_said.Values, static s => Assert.Equal(["1", nameof(SourceFailing)], s.Select(Followed.Describe)));

        Publish();
        _followed.Consul.Set("/v1/status/leader", new Reply("\"x\""));
        await _followed.PassAsync(TimeSpan.FromSeconds(5));
        Assert.All(_said.Values, static s => Assert.Equal("1", Followed.Describe(s.Last())));
    }

    [Fact]
    public async Task Watch_AllEnded_AsksNoMore()
    {
        await StartAsync(10);
        _followed.Dispose();
        await _followed.Clock.SettleAsync();

        Assert.Equal(0, _followed.Clock.ActiveTimers);
    }

    public void Dispose() => _followed.Dispose();

    private static string Body(int service, int port, (ulong Check, ulong Registration) marks) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""[{"Node":{"Node":"n1","Address":"10.0.0.1"},"Service":{"ID":"i{{service}}","Service":"s{{service}}","Port":{{port}},"ModifyIndex":{{marks.Registration}}},"Checks":[{"Node":"n1","CheckID":"c{{service}}","Status":"passing","ServiceName":"s{{service}}","ModifyIndex":{{marks.Check}}}]}]""");

    private async Task StartAsync(int services)
    {
        for (int i = 1; i <= services; i++)
        {
            _services[i] = (10, 10);
        }

        Publish();
        for (int i = 1; i <= services; i++)
        {
            _followed.Follow($"s{i}", _said[$"s{i}"] = []);
        }

        await _followed.UntilAsync(() => _said.Values.All(static s => !s.IsEmpty));
        await _followed.PassAsync(TimeSpan.FromSeconds(3));
    }

    private void Change(int service, bool check, bool registration, int port)
    {
        Assert.InRange(service, First, int.MaxValue);
        _index++;
        (ulong oldCheck, ulong oldRegistration) = _services[service];
        _services[service] = (check ? _index : oldCheck, registration ? _index : oldRegistration);
        _followed.Consul.Set($"/v1/health/service/s{service}", new Reply(Body(service, port, _services[service]), _index));
        if (registration)
        {
            PublishRegistrations([]);
        }

        if (check)
        {
            PublishChecks();
        }
    }

    private IEnumerable<string> Paths() => _services.Keys.Select(static i => $"/v1/health/service/s{i}").Concat(["/v1/health/state/any", "/v1/catalog/services", "/v1/catalog/node-services/n1"]);

    private void Publish(params string[] more)
    {
        foreach ((int service, (ulong Check, ulong Registration) marks) in _services)
        {
            _followed.Consul.Set($"/v1/health/service/s{service}", new Reply(Body(service, 1, marks), Math.Max(marks.Check, marks.Registration)));
        }

        PublishRegistrations(more);
        PublishChecks();
    }

    private void PublishChecks() => _followed.Consul.Set(
        "/v1/health/state/any",
        new Reply($"[{string.Join(',', _services.Select(static s => $$"""{"Node":"n1","CheckID":"c{{s.Key}}","Status":"passing","ServiceName":"s{{s.Key}}","ModifyIndex":{{s.Value.Check}}}"""))}]", _index));

    private void PublishRegistrations(string[] more)
    {
        _followed.Consul.Set("/v1/catalog/node-services/n1", new Reply(Registrations(), _index));
        _followed.Consul.Set("/v1/catalog/services", new Reply($"{{{string.Join(',', _services.Keys.Select(static s => $"\"s{s}\"").Concat(more.Select(static m => $"\"{m}\"")).Select(static n => $"{n}:[]"))}}}", _index));
    }

    private string Registrations() => $$"""{"Node":{},"Services":[{{string.Join(',', _services.Select(static s => $$"""{"ID":"i{{s.Key}}","Service":"s{{s.Key}}","ModifyIndex":{{s.Value.Registration}}}"""))}}]}""";
}
