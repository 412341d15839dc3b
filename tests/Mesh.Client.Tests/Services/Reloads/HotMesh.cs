using System.Collections.Concurrent;
using System.Globalization;
using Mesh.Client.Inbound;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Services.Reloads;

/// <summary>A whole mesh whose configuration is replaced while threads call it, and what each call saw.</summary>
internal sealed class HotMesh : IAsyncDisposable
{
    private readonly MutableSource _source = new(ConfigurationFixture.InMesh(HotVersion.Keys(1)));
    private readonly ServiceProvider _provider;
    private readonly HttpMessageInvoker _client;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<int, bool> _seen = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Task[] _callers;
    private long _calls;

    public HotMesh(int callers)
    {
        var collection = new ServiceCollection();
        collection.AddMesh(new ConfigurationBuilder().Add(_source).Build().GetSection("Mesh"), mesh =>
        {
            mesh.UseTimeProvider(Clock).UseRandom(new SeededRandom(1));
            MeshBuilder.FindSetup(mesh.Services).Transport = static endpoint => new VersionedEndpoint(endpoint);
        });
        collection.AddHttpClient("test");
        _provider = collection.BuildServiceProvider();
        _client = new HttpMessageInvoker(_provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("test"), disposeHandler: false);

        // A call within a request that is served says its timeout to the endpoint.
        InboundContext inbound = _provider.GetRequiredService<InboundContext>();
        inbound.Serve();
        inbound.Enter(new InboundRequest { Deadline = Clock.GetTimestamp() + TimeSpan.FromDays(300).Ticks });
        _callers = [.. Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync))];
    }

    public ManualTimeProvider Clock { get; } = new();

    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>How many versions calls went by.</summary>
    public int VersionsSeen => _seen.Count;

    /// <summary>What went wrong with calls, the first ones.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public MeshService Orders => _provider.GetRequiredService<MeshServices>().InUse.Single(static s => s.Name == "orders");

    /// <summary>Replaces the configuration and lets it be read.</summary>
    /// <param name="version">The next version.</param>
    /// <param name="applied">Whether to wait until calls go by it.</param>
    public async Task ReloadAsync(int version, bool applied)
    {
        _source.Replace(ConfigurationFixture.InMesh(HotVersion.Keys(version)));
        Clock.Advance(MeshConfiguration.Debounce);
        MeshConfiguration configuration = _provider.GetRequiredService<MeshConfiguration>();
        Assert.Contains(configuration.Current.For("orders").Endpoints, e => e.Labels["version"] == HotVersion.Text(version));
        while (applied && _provider.GetRequiredService<MeshServices>().InUse.SingleOrDefault(static s => s.Name == "orders")?.Snapshot?.Policy != configuration.Current.For("orders"))
        {
            await Task.Yield();
        }
    }

    /// <summary>Waits for so many calls more.</summary>
    public async Task CallsAsync(long more)
    {
        for (long until = Calls + more; Calls < until && _faults.IsEmpty;)
        {
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
        await _provider.DisposeAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private async Task CallAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");
                using HttpResponseMessage response = await _client.SendAsync(request, CancellationToken.None);
                Check(response);
            }
            catch (Exception error)
            {
                Note(error.ToString());
            }

            Interlocked.Increment(ref _calls);
        }
    }

    private void Check(HttpResponseMessage response)
    {
        string timeout = Value(response, VersionedEndpoint.Timeout);
        string seen = Value(response, VersionedEndpoint.Seen);
        string answered = Value(response, HotVersion.Header);
        string host = Value(response, VersionedEndpoint.Host);
        int version = int.Parse(timeout, CultureInfo.InvariantCulture);
        _seen.TryAdd(version, true);

        // Without a subset any endpoint is right, one that came a moment ago too.
        bool isRouted = HotVersion.IsRouted(version);
        string expected = isRouted ? timeout : "none";
        if (seen != expected || answered != expected || (isRouted && (HotVersion.IsElsewhere(version) ? host != HotVersion.Elsewhere : host != HotVersion.HostOf(version) && host != "stays")))
        {
            Note($"timeout of {timeout}, request header of {seen}, response header of {answered}, endpoint {host}");
        }
    }

    private void Note(string fault)
    {
        if (_faults.Count < 20)
        {
            _faults.Enqueue(fault);
        }
    }

    private static string Value(HttpResponseMessage response, string name) => response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : "none";
}
