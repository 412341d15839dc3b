using System.Net.Http.Headers;
using Mesh.Agent.Tests.Support;

namespace Mesh.Agent.Tests.Metrics;

/// <summary><c>/metrics</c> of an agent that works.</summary>
public sealed class MetricsEndpointTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metrics_OfAnAgent_AreThoseOfItsOwnMesh(bool isOpen)
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        await using TestAgent other = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Proxied();
        using HttpClient stranger = other.Proxied();
        await ReadAsync(agent, isOpen);
        for (int i = 0; i < 3; i++)
        {
            await client.GetStringAsync(new Uri("http://orders/a"), TestContext.Current.CancellationToken);
            await stranger.GetStringAsync(new Uri("http://orders/a"), TestContext.Current.CancellationToken);
        }

        Dictionary<string, double> samples = await ReadAsync(agent, isOpen);

        const string labels = "http_response_status_code=\"200\",mesh_outcome=\"success\",mesh_service=\"orders\"";
        Assert.Equal(3, samples[$"mesh_client_request_duration_seconds_count{{{labels}}}"]);
        Assert.Equal(3, samples[$"mesh_client_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}}"]);
        Assert.InRange(samples[$"mesh_client_request_duration_seconds_sum{{{labels}}}"], 0.000001, 60);
        Assert.Contains($"mesh_client_request_duration_seconds_bucket{{{labels},le=\"{(isOpen ? "1.0" : "1")}\"}}", samples.Keys);
        Assert.Equal(3, samples["mesh_client_attempts_total{mesh_outcome=\"success\",mesh_service=\"orders\"}"]);
        Assert.Equal(1, samples["mesh_client_endpoints{mesh_service=\"orders\",mesh_state=\"closed\"}"]);
        Assert.True(samples["dotnet_process_memory_working_set_bytes"] > 1_000_000);
        Assert.Contains("dotnet_process_cpu_time_seconds_total", string.Join('\n', samples.Keys), StringComparison.Ordinal);
        Assert.DoesNotContain(samples, static s => s.Key.StartsWith("http_", StringComparison.Ordinal));
        Assert.Equal(0, samples["mesh_agent_metrics_dropped_measurements_total"]);
        Assert.Contains(samples, static s => s.Key.StartsWith("mesh_agent_build{version=", StringComparison.Ordinal) && s.Value == 1);
    }

    private static async Task<Dictionary<string, double>> ReadAsync(TestAgent agent, bool isOpen)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(agent.Admin, "/metrics"));
        if (isOpen)
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text; version=1.0.0"));
        }

        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(isOpen ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return Exposition.Read(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), isOpen);
    }
}
