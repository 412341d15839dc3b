using System.Collections.Concurrent;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Registration;
using Mesh.Client.Consul.Tests.Fakes;
using Mesh.Client.Tests.Options;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Consul.Tests.Registration;

/// <summary>What was taken out is not said again, on real threads and a real clock.</summary>
public sealed class DeregisterRaceTests
{
    private const int Rounds = 300;

    [Fact]
    public async Task DeregisterAsync_WhileTheWatchSaysItAgain_StaysOut()
    {
        using var agent = new ScriptedAgent(TimeProvider.System);
        int delayed = 0;

        // Every write takes effect some turns of the scheduler after it was sent, whoever waits for it: those that were begun first are not always first.
        agent.BeforeWrite = async path =>
        {
            int turns = path.EndsWith("/register", StringComparison.Ordinal) ? Interlocked.Increment(ref delayed) % 40 : 0;
            for (int i = 0; i < turns; i++)
            {
                await Task.Yield();
            }
        };
        using var client = new ConsulClient(_ => new HttpMessageInvoker(new Detached(agent), disposeHandler: false), static () => new ConsulPolicy(), TimeProvider.System);
        using var registrar = new ConsulRegistrar(client, TimeProvider.System, Random.Shared, new RecordingLogger<DeregisterRaceTests>());
        var back = new ConcurrentQueue<string>();
        Task[] all = [.. Enumerable.Range(0, 4).Select(worker => Task.Run(() => WorkAsync(worker)))];
        await Task.WhenAll(all);
        await Until.HoldsAsync(() => agent.Pending == 0);

        Assert.Empty(back);
        Assert.All(Enumerable.Range(0, Rounds), i => Assert.Null(agent.Service($"o{i}")));

        // Some were said again in between, or the race was none.
        Assert.InRange(agent.Registrations, Rounds + 20, int.MaxValue);

        async Task WorkAsync(int worker)
        {
            for (int i = worker; i < Rounds; i += 4)
            {
                string id = $"o{i}";
                await registrar.RegisterAsync(Registered.O1 with { Id = id }, Registered.Ended);
                agent.Remove(id);
                for (int turns = i % 60; turns > 0; turns--)
                {
                    await Task.Yield();
                }

                await registrar.DeregisterAsync(id, Registered.Ended);
                if (agent.Service(id) is not null)
                {
                    back.Enqueue(id);
                }
            }
        }
    }

    /// <summary>A request that was sent takes its course, also when nobody waits for the answer any more.</summary>
    private sealed class Detached(ScriptedAgent agent) : DelegatingHandler(agent)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.Method == HttpMethod.Put ? base.SendAsync(request, CancellationToken.None).WaitAsync(cancellationToken) : base.SendAsync(request, cancellationToken);
    }
}
