using System.Globalization;
using System.Text.Json;
using Mesh.IntegrationTests.Consul.Servers;

namespace Mesh.IntegrationTests.Consul.Processes;

/// <summary>The instances of one service, each a process that registers itself in a real Consul.</summary>
internal sealed class ServiceFleet : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ConsulServer _consul;
    private readonly string _service;
    private readonly string _protocols;
    private readonly string[] _more;
    private readonly List<ServiceProcess> _processes = [];
    private int _names;

    private ServiceFleet(ConsulServer consul, string service, string protocols, string[] more)
    {
        _consul = consul;
        _service = service;
        _protocols = protocols;
        _more = more;
    }

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    /// <summary>The process of one.</summary>
    public int ProcessId(int index) => _processes[index].Id;

    /// <summary>Starts so many, and waits until Consul lists them all as well.</summary>
    /// <param name="consul">Where they register.</param>
    /// <param name="service">The service that they are instances of.</param>
    /// <param name="count">How many.</param>
    /// <param name="protocols">What they speak: <c>Http1</c> or <c>Http2</c>.</param>
    /// <param name="more">Further arguments for each process.</param>
    public static async Task<ServiceFleet> StartAsync(ConsulServer consul, string service, int count, string protocols, params string[] more)
    {
        var fleet = new ServiceFleet(consul, service, protocols, more);
        try
        {
            for (int i = 0; i < count; i++)
            {
                fleet.Launch();
            }

            await fleet.AllAreListedAsync();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more, and waits for nothing.</summary>
    /// <returns>Its name.</returns>
    public string Launch()
    {
        string name = NextName();
        _processes.Add(Start(name));
        return name;
    }

    /// <summary>Stops one by SIGTERM and starts it again, until it is listed again.</summary>
    public async Task RestartAsync(int index)
    {
        ServiceProcess old = _processes[index];
        int exitCode = await old.TerminateAsync(Ended);
        Assert.True(exitCode == 0, $"{old.Name}: exit code {exitCode} after SIGTERM\n{old.Output}");
        Assert.DoesNotContain(old.Name, await ListedAsync());
        await old.DisposeAsync();
        ServiceProcess again = Start(old.Name);
        _processes[index] = again;
        await UntilAsync(async () => (await ListedAsync()).Contains(again.Name), [again]);
    }

    /// <summary>Kills one. Consul goes on listing it.</summary>
    public Task KillAsync(int index) => _processes[index].KillAsync();

    /// <summary>Starts another in the place of one that was killed, under a name of its own, until it is listed.</summary>
    public async Task ReplaceAsync(int index)
    {
        await _processes[index].DisposeAsync();
        ServiceProcess other = Start(NextName());
        _processes[index] = other;
        await UntilAsync(async () => (await ListedAsync()).Contains(other.Name), [other]);
    }

    /// <summary>Waits until Consul lists all of them as well, or all but those that were started last.</summary>
    public Task AllAreListedAsync(int butLast = 0) =>
        UntilAsync(async () => (await ListedAsync()).ToHashSet().IsSupersetOf(_processes.SkipLast(butLast).Select(static p => p.Name)), _processes);

    public async ValueTask DisposeAsync() => await Task.WhenAll(_processes.Select(static p => p.DisposeAsync().AsTask()));

    private string NextName() => string.Create(CultureInfo.InvariantCulture, $"{_service}-{_names++}");

    private ServiceProcess Start(string name) => new(_consul, _service, name, _protocols, _more);

    private async Task UntilAsync(Func<Task<bool>> isSo, IReadOnlyList<ServiceProcess> awaited)
    {
        for (long start = TimeProvider.System.GetTimestamp(); !await isSo(); await Task.Delay(TimeSpan.FromMilliseconds(50), Ended))
        {
            bool lasts = !awaited.Any(static p => p.HasExited) && TimeProvider.System.GetElapsedTime(start) < s_patience;
            Assert.True(lasts, $"not all listed; Consul says {(lasts ? "" : await _consul.GetAsync($"/v1/health/checks/{_service}"))}\n{string.Join('\n', awaited.Select(static p => $"{p.Name}{(p.HasExited ? " ended" : "")}: {p.Output}"))}");
        }
    }

    private async Task<IReadOnlyList<string>> ListedAsync()
    {
        using JsonDocument answer = JsonDocument.Parse(await _consul.GetAsync($"/v1/health/service/{_service}?passing"));
        return [.. answer.RootElement.EnumerateArray().Select(static e => e.GetProperty("Service").GetProperty("ID").GetString()!)];
    }
}
