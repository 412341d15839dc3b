using Mesh.Agent.Metrics;

namespace Mesh.Agent.Tests.Metrics;

public sealed class MetricNamesTests
{
    [Theory]
    [InlineData("mesh.client.request.duration", "s", "Histogram", "mesh_client_request_duration_seconds")]
    [InlineData("mesh.client.attempts", "{attempt}", "Counter", "mesh_client_attempts")]
    [InlineData("dotnet.process.memory.working_set", "By", "Gauge", "dotnet_process_memory_working_set_bytes")]
    [InlineData("disk.used.bytes", "By", "Gauge", "disk_used_bytes")]
    [InlineData("jobs_total", "", "Counter", "jobs")]
    [InlineData("cpu.share", "1", "Gauge", "cpu_share_ratio")]
    [InlineData("errors", "1", "Counter", "errors")]
    [InlineData("speed", "m/s", "Gauge", "speed_m_s")]
    [InlineData("0.a--b", null, "Gauge", "_0_a_b")]
    [InlineData("é", null, "Gauge", "_")]
    public void Family_OfAnInstrument_FollowsTheConventions(string name, string? unit, string kind, string expected)
    {
        SeriesKind of = Enum.Parse<SeriesKind>(kind);

        Assert.Equal(expected, MetricNames.Family(name, MetricNames.Unit(unit, of), of));
    }
}
