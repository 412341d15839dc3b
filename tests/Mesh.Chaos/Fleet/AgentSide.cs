using System.Text.Json;
using System.Text.RegularExpressions;
using Mesh.Faults;

namespace Mesh.Chaos.Fleet;

/// <summary>The agent in a process of its own.</summary>
internal sealed partial class AgentSide : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _admin;

    private AgentSide(string file, Uri consul, int redis)
    {
        int admin = LocalPorts.Free();
        File = file;
        Port = LocalPorts.Free();
        Good = MeshFile.Good("foreign", consul, redis, $$""" "Agent": { "Outbound": [ "http://127.0.0.1:{{Port}}" ], "Admin": "http://127.0.0.1:{{admin}}" }, """);
        System.IO.File.WriteAllText(file, Good);
        _admin = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{admin}"), Timeout = TimeSpan.FromSeconds(10) };
        Process = ChildProcess.Dotnet("Agent", ["run", "--config", file]);
    }

    /// <summary>Where programs call it.</summary>
    public int Port { get; }

    /// <summary>Its configuration file.</summary>
    public string File { get; }

    /// <summary>What should stand there.</summary>
    public string Good { get; }

    public ChildProcess Process { get; }

    /// <summary>Starts it, and waits until it is ready.</summary>
    public static async Task<AgentSide> StartAsync(string file, Uri consul, int redis)
    {
        var agent = new AgentSide(file, consul, redis);
        for (long start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(50))
        {
            try
            {
                await agent._admin.GetStringAsync("/readyz");

                // Figures are counted from the first time on that somebody asks for them.
                await agent.RejectionsAsync();
                return agent;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                Assert.True(!agent.Process.HasExited && TimeProvider.System.GetElapsedTime(start) < s_patience, $"The agent does not start: {agent.Process.Output}");
            }
        }
    }

    /// <summary>Calls that are under way, endpoints that may be used, and retries that are left.</summary>
    public async Task<(int InFlight, int Usable, double Budget)> LookAsync()
    {
        string text = await _admin.GetStringAsync("/mesh/api/services/orders");
        using JsonDocument service = JsonDocument.Parse(text);
        JsonElement[] endpoints = [.. service.RootElement.GetProperty("endpoints").EnumerateArray()];

        // Where the service was named and not called yet there is none.
        JsonElement budget = service.RootElement.GetProperty("retryBudget");
        return (endpoints.Sum(static e => e.GetProperty("inFlight").GetInt32()), endpoints.Count(static e => e.GetProperty("usable").GetBoolean()), budget.ValueKind is JsonValueKind.Null ? double.MaxValue : budget.GetProperty("remaining").GetDouble());
    }

    /// <summary>The calls that it did not send, by the reason that its metrics say.</summary>
    public async Task<Dictionary<string, int>> RejectionsAsync()
    {
        string text = await _admin.GetStringAsync("/metrics");
        return Rejection().Matches(text).GroupBy(static m => m.Groups[1].Value).ToDictionary(static g => g.Key, static g => g.Sum(static m => (int)double.Parse(m.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Bytes on its managed heap after its last collection, as its metrics say; 0 before the first one.</summary>
    public async Task<long> HeapAsync() =>
        HeapSize().Matches(await _admin.GetStringAsync("/metrics")).Sum(static m => (long)double.Parse(m.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await Process.DisposeAsync();
    }

    [GeneratedRegex("^dotnet_gc_last_collection_heap_size_bytes[^ ]* ([0-9.e+]+)", RegexOptions.Multiline)]
    private static partial Regex HeapSize();

    [GeneratedRegex("""^mesh_client_rejections[a-z_]*\{[^}]*mesh_reason="([^"]*)"[^}]*\} ([0-9.e+]+)""", RegexOptions.Multiline)]
    private static partial Regex Rejection();
}
