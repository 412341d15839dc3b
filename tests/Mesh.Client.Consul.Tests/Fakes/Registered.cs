using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Registration;
using Mesh.Client.Registration;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Options;

namespace Mesh.Client.Consul.Tests.Fakes;

/// <summary>Registrars of processes of their own, over one scripted agent on a manual clock.</summary>
internal sealed class Registered : IDisposable
{
    private readonly List<IDisposable> _all = [];

    public Registered()
    {
        Agent = new ScriptedAgent(Clock);
        Registrar = Process(7);
    }

    public static CancellationToken Ended => TestContext.Current.CancellationToken;

    public static ServiceInstance O1 { get; } = new("o1", "orders", "10.0.0.1", 8080);

    public ManualTimeProvider Clock { get; } = new();

    public ScriptedAgent Agent { get; }

    public RecordingLogger<Registered> Log { get; } = new();

    public ConsulPolicy Policy { get; set; } = new();

    public ConsulRegistrar Registrar { get; }

    /// <summary>The registrar of another process.</summary>
    public ConsulRegistrar Process(int seed)
    {
        var client = new ConsulClient(_ => new HttpMessageInvoker(Agent, disposeHandler: false), () => Policy, Clock);
        var registrar = new ConsulRegistrar(client, Clock, new SeededRandom(seed), Log);
        _all.AddRange([registrar, client]);
        return registrar;
    }

    public Task RegisterAsync(ServiceInstance? instance = null) => Registrar.RegisterAsync(instance ?? O1, Ended).AsTask();

    /// <summary>Waits until the watch of an instance waits for a change.</summary>
    public Task IsWatchedAsync(string id = "o1") => UntilAsync(() => Agent.Requests.LastOrDefault()?.StartsWith($"GET /v1/agent/service/{id}?hash", StringComparison.Ordinal) == true);

    public Task UntilAsync(Func<bool> condition, double stepSeconds = 0.05) => Clock.AdvanceUntilAsync(condition, TimeSpan.FromSeconds(stepSeconds), TimeSpan.FromMinutes(10), Ended);

    public async Task PassAsync(TimeSpan time, double stepSeconds = 0.05)
    {
        DateTimeOffset end = Clock.GetUtcNow() + time;
        await UntilAsync(() => Clock.GetUtcNow() >= end, stepSeconds);
    }

    public void Dispose() => _all.ForEach(static d => d.Dispose());
}
