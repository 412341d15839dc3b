using System.Collections.Concurrent;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Options;

namespace Mesh.Client.Consul.Tests.Fakes;

/// <summary>The source over a scripted Consul on a manual clock, and what it says of services.</summary>
internal sealed class Followed : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConsulClient _client;
    private readonly ConsulEndpointSource _source;

    public Followed()
    {
        Consul = new ScriptedConsul(Clock);
        _client = new ConsulClient(_ => new HttpMessageInvoker(Consul), () => Policy, Clock);
        _source = new ConsulEndpointSource(new ConsulDiscovery(_client, Clock, new SeededRandom(7), Log));
    }

    public ManualTimeProvider Clock { get; } = new();

    public ScriptedConsul Consul { get; }

    public RecordingLogger<Followed> Log { get; } = new();

    public ConsulPolicy Policy { get; set; } = new();

    /// <summary>What was said of <c>orders</c>.</summary>
    public ConcurrentQueue<EndpointUpdate> Said { get; } = [];

    public EndpointUpdate? Last => Said.LastOrDefault();

    /// <summary>The ports that were said last, such as <c>1,2</c>; otherwise the kind of what was said.</summary>
    public string State => Describe(Last);

    public static string Describe(EndpointUpdate? update) => update switch
    {
        EndpointsFound found => string.Join(',', found.Set.Endpoints.Select(static e => e.Port)),
        null => "",
        _ => update.GetType().Name,
    };

    /// <summary>Follows a service.</summary>
    public void Follow(string service = "orders", ConcurrentQueue<EndpointUpdate>? said = null) => _ = RunAsync(service, said ?? Said);

    /// <summary>Passes time until something holds, ten minutes at most.</summary>
    public Task UntilAsync(Func<bool> condition, double stepSeconds = 0.05) =>
        Clock.AdvanceUntilAsync(condition, TimeSpan.FromSeconds(stepSeconds), TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);

    /// <summary>Passes so much time.</summary>
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

    private async Task RunAsync(string service, ConcurrentQueue<EndpointUpdate> said)
    {
        try
        {
            await foreach (EndpointUpdate update in _source.WatchAsync(service, _end.Token))
            {
                said.Enqueue(update);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
