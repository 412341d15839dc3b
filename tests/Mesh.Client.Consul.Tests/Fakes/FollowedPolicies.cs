using System.Collections.Concurrent;
using System.Text;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Consul.Policies;
using Mesh.Client.Options;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Options;

namespace Mesh.Client.Consul.Tests.Fakes;

/// <summary>The source of policies over a scripted Consul on a manual clock, and what it says. It is started again a second after it fails.</summary>
internal sealed class FollowedPolicies : IDisposable
{
    public const string Path = "/v1/kv/mesh/policies/";

    private readonly CancellationTokenSource _end = new();
    private readonly ConsulClient _client;
    private readonly ConsulPolicySource _source;

    public FollowedPolicies()
    {
        Consul = new ScriptedConsul(Clock);
        _client = new ConsulClient(_ => new HttpMessageInvoker(Consul), () => Policy, Clock);
        _source = new ConsulPolicySource(new ConsulDiscovery(_client, Clock, new SeededRandom(7), Log), static () => TimeSpan.FromSeconds(30));
    }

    public ManualTimeProvider Clock { get; } = new();

    public ScriptedConsul Consul { get; }

    public RecordingLogger<FollowedPolicies> Log { get; } = new();

    public ConsulPolicy Policy { get; set; } = new();

    public ConcurrentQueue<PolicyDocuments> Said { get; } = [];

    public ConcurrentQueue<Exception> Failures { get; } = [];

    /// <summary>The documents that were said last, as <c>key=service:json</c>.</summary>
    public string State => Said.LastOrDefault() is { } last ? string.Join(' ', last.Documents.Select(static d => $"{d.Key}={d.Service}:{d.Json}")) : "";

    /// <summary>The questions for all keys.</summary>
    public Asked[] Asked => [.. Consul.About(Path).Where(static a => a.Uri.Query.Contains("recurse", StringComparison.Ordinal))];

    /// <summary>What Consul answers of these keys beneath the prefix; nothing is 404.</summary>
    public static Reply Keys(ulong index, params (string Name, string? Value)[] keys) => keys.Length == 0
        ? new Reply("", index) { Status = System.Net.HttpStatusCode.NotFound }
        : new Reply($"[{string.Join(',', keys.Select(static k => $"{{\"LockIndex\":0,\"Key\":\"mesh/policies/{k.Name}\",\"Flags\":0,\"Value\":{(k.Value is null ? "null" : $"\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(k.Value))}\"")},\"CreateIndex\":5,\"ModifyIndex\":5}}"))}]", index);

    public void Set(ulong index, params (string Name, string? Value)[] keys) => Consul.Set(Path, Keys(index, keys));

    public void Follow() => _ = RunAsync();

    /// <summary>Passes time until something holds, ten minutes at most.</summary>
    public Task UntilAsync(Func<bool> condition, double stepSeconds = 0.05) =>
        Clock.AdvanceUntilAsync(condition, TimeSpan.FromSeconds(stepSeconds), TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);

    public async Task PassAsync(TimeSpan time, double stepSeconds = 0.05)
    {
        DateTimeOffset end = Clock.GetUtcNow() + time;
        await UntilAsync(() => Clock.GetUtcNow() >= end, stepSeconds);
    }

    public void Dispose()
    {
        _end.Cancel();
        _client.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await foreach (PolicyDocuments documents in _source.WatchAsync(_end.Token))
                {
                    Said.Enqueue(documents);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error)
            {
                Failures.Enqueue(error);
                await Task.Delay(TimeSpan.FromSeconds(1), Clock, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
