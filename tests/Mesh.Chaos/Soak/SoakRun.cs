using System.Globalization;
using Mesh.Client;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Chaos.Soak;

/// <summary>A thousand calls a second through the library in this process, over real sockets, while an endpoint is replaced each second.</summary>
/// <param name="seconds">How long.</param>
/// <param name="every">Seconds from one sample to the next.</param>
/// <param name="say">Takes each sample as a line.</param>
internal sealed class SoakRun(int seconds, int every, Action<string> say)
{
    private const int Rate = 1000;
    private const int Servers = 12;
    private const int Listed = 6;

    // Where the machine stalls, calls are left out and not made up for: a burst would leave more connections and timers behind than before, and that is no leak.
    private const int MaxOpen = 24;

    private readonly List<SoakSample> _samples = [];
    private int _calls;
    private int _failed;
    private string _firstError = "";

    public IReadOnlyList<SoakSample> Samples => _samples;

    public int Calls => _calls;

    public int Failed => _failed;

    public string FirstError => _firstError;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TinyServer[] servers = [.. Enumerable.Range(0, Servers).Select(static _ => new TinyServer())];
        var registry = new InMemoryRegistry();
        registry.Set("orders", Endpoints(servers, 0));
        using var client = new HttpClient(MeshHandlerFactory.Create(mesh => mesh.AddInMemoryRegistry(registry))) { Timeout = Timeout.InfiniteTimeSpan };
        List<Task> open = [];
        int made = 0;
        long start = TimeProvider.System.GetTimestamp();
        Task sampling = SampleAsync(cancellationToken);
        for (int second = 0; !sampling.IsCompleted; await Task.Delay(2, cancellationToken))
        {
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
            if (elapsed.TotalSeconds >= second + 1)
            {
                registry.Set("orders", Endpoints(servers, ++second));
            }

            open.RemoveAll(static t => t.IsCompleted);
            for (int due = (int)(elapsed.TotalSeconds * Rate) - made; due > 0 && open.Count < MaxOpen; due--)
            {
                _calls++;
                open.Add(CallAsync(client));
            }

            made = (int)(elapsed.TotalSeconds * Rate);
        }

        await sampling;
        await Task.WhenAll(open);
        foreach (TinyServer server in servers)
        {
            await server.DisposeAsync();
        }
    }

    // A window that moves on by one each second. Each time that a server comes back it is a new instance at an old address.
    private static MeshEndpoint[] Endpoints(TinyServer[] servers, int second) =>
        [.. Enumerable.Range(second, Listed).Select(i => new MeshEndpoint("127.0.0.1", servers[i % Servers].Port) { Id = i.ToString(CultureInfo.InvariantCulture) })];

    private async Task SampleAsync(CancellationToken cancellationToken)
    {
        for (int second = every; second <= seconds; second += every)
        {
            await Task.Delay(TimeSpan.FromSeconds(every) - TimeSpan.FromMilliseconds(450), cancellationToken);
            _samples.Add(await SoakSample.LookAsync(second, cancellationToken));
            say($"{_samples[^1]}, {_calls} calls, {_failed} failed");
        }
    }

    private async Task CallAsync(HttpClient client)
    {
        try
        {
            await client.GetStringAsync("http://orders.mesh/");
        }
        catch (HttpRequestException error)
        {
            Interlocked.Increment(ref _failed);
            Interlocked.CompareExchange(ref _firstError, $"{error}", "");
        }
    }
}
