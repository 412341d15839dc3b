using System.Net.Http.Json;

namespace Shop.Story.Processes;

/// <summary>A Consul on ports of its own.</summary>
internal sealed class ConsulAgent(string program, RunFolder folder, int[] ports) : IAsyncDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}"), Timeout = TimeSpan.FromSeconds(5) };
    private Child? _process;

    public string Address { get; } = $"http://127.0.0.1:{ports[0]}";

    /// <summary>Starts it and waits until it has a leader.</summary>
    public async Task StartAsync(CancellationToken end)
    {
        string[] arguments =
        [
            "agent", "-server", "-bootstrap-expect=1", "-node=story", "-bind=127.0.0.1", "-client=127.0.0.1", "-log-level=warn", $"-data-dir={folder.Path}/consul",
            $"-http-port={ports[0]}", $"-server-port={ports[1]}", $"-serf-lan-port={ports[2]}", $"-serf-wan-port={ports[3]}", "-dns-port=-1", "-grpc-port=-1",
            "-hcl=performance { raft_multiplier = 1 } disable_update_check = true",
        ];
        _process = new Child(program, arguments, folder.Path, $"{folder.Path}/consul.log");
        while (!await HasLeaderAsync(end))
        {
            await Task.Delay(100, end);
        }
    }

    /// <summary>How many instances of a service may be called.</summary>
    public async Task<int> CountAsync(string service, CancellationToken end) =>
        (await _http.GetFromJsonAsync<object[]>($"/v1/health/service/{service}?passing", end))!.Length;

    public async Task PutKeyAsync(string key, string value, CancellationToken end) =>
        (await _http.PutAsync($"/v1/kv/{key}", new StringContent(value), end)).EnsureSuccessStatusCode();

    public async Task DeleteKeyAsync(string key, CancellationToken end) =>
        (await _http.DeleteAsync($"/v1/kv/{key}", end)).EnsureSuccessStatusCode();

    public void Kill() => _process!.Kill();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _http.Dispose();
    }

    private async Task<bool> HasLeaderAsync(CancellationToken end)
    {
        try
        {
            return (await _http.GetStringAsync("/v1/status/leader", end)).Length > 2 && (await _http.GetStringAsync("/v1/catalog/nodes", end)).Length > 2;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
