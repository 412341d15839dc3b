using System.Collections.Concurrent;
using System.Net;
using Mesh.Client.Health;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Services.Health;

/// <summary>A mesh whose service <c>orders</c> is probed at <c>/healthz</c>, every 10 s unless the settings say otherwise.</summary>
internal sealed class ProbedMesh : IDisposable
{
    public static readonly (string, string?)[] Http =
    [
        ("Services:orders:HealthCheck:Path", "/healthz"), ("Services:orders:LoadBalancing:Policy", "RoundRobin"), ("Services:orders:Retry:MaxAttempts", "1"),
    ];

    private readonly ConcurrentDictionary<string, int> _out = new();
    private readonly ConcurrentDictionary<string, int> _mostOut = new();

    public ProbedMesh(params (string, string?)[] settings)
    {
        Mesh = new WatchedMesh([.. Http, .. settings]) { Answer = AnswerAsync };
    }

    public WatchedMesh Mesh { get; }

    /// <summary>What endpoints answer; all are well by default. Probes and calls alike.</summary>
    public Func<MeshEndpoint, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } = static (_, _) => Status(200);

    /// <summary>Hosts in the order in which they were asked, by probes and calls.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The most requests that were out to a host at one time.</summary>
    public int MostOut(string host) => _mostOut.GetValueOrDefault(host);

    public int Out => _out.Values.Sum();

    public int AskedOf(int host) => Asked.Count(h => h == $"10.0.0.{host}");

    public BreakerState[] States => [.. Mesh.Nodes.Select(static n => n.State)];

    public static Task<HttpResponseMessage> Status(int status) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status));

    public static async Task<HttpResponseMessage> Hang(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new InvalidOperationException("cannot get here");
    }

    /// <summary>Advances the clock until something holds; the service stays in use meanwhile.</summary>
    public Task AdvanceUntilAsync(Func<bool> condition)
    {
        return Mesh.Clock.AdvanceUntilAsync(Holds, TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(6), TestContext.Current.CancellationToken);

        bool Holds()
        {
            Mesh.Orders.OnCall(Mesh.Clock.GetTimestamp());
            return condition();
        }
    }

    /// <summary>Lets so many more probes arrive at a host.</summary>
    public Task RoundsAsync(int host, int rounds)
    {
        int until = AskedOf(host) + rounds;
        return AdvanceUntilAsync(() => AskedOf(host) >= until);
    }

    public void Dispose() => Mesh.Dispose();

    private async Task<HttpResponseMessage> AnswerAsync(MeshEndpoint endpoint, CancellationToken cancellationToken)
    {
        int now = _out.AddOrUpdate(endpoint.Host, 1, static (_, n) => n + 1);
        _mostOut.AddOrUpdate(endpoint.Host, now, (_, most) => Math.Max(most, now));
        Asked.Enqueue(endpoint.Host);
        try
        {
            return await Answer(endpoint, cancellationToken);
        }
        finally
        {
            _out.AddOrUpdate(endpoint.Host, 0, static (_, n) => n - 1);
        }
    }
}
