using System.Text.Json;
using System.Text.Json.Nodes;
using Mesh.IntegrationTests.Consul.Servers;

namespace Mesh.IntegrationTests.Consul.Registration;

/// <summary>What Consul says of instances, read by its own API.</summary>
internal static class RegistryView
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>The agent's checks of an instance: the state and the output of each.</summary>
    public static async Task<(string Status, string Output)[]> ChecksAsync(this ConsulServer consul, string id) =>
        [.. JsonNode.Parse(await consul.GetAsync("/v1/agent/checks"))!.AsObject().Select(static c => c.Value!).Where(c => (string?)c["ServiceID"] == id).Select(static c => ((string)c["Status"]!, (string)c["Output"]!))];

    /// <summary>The ids of the instances of a service in the catalog whose checks pass.</summary>
    public static async Task<string[]> PassingAsync(this ConsulServer consul, string service) =>
        [.. JsonNode.Parse(await consul.GetAsync($"/v1/health/service/{service}?passing"))!.AsArray().Select(static e => (string)e!["Service"]!["ID"]!)];

    /// <summary>Waits until something about Consul holds.</summary>
    /// <returns>How long that took.</returns>
    public static async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return TimeProvider.System.GetElapsedTime(start);
                }
            }
            catch (Exception error) when (error is HttpRequestException or JsonException)
            {
                // It is not ready for such a question.
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < s_patience, $"waited in vain: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }
}
