using System.Text;
using Mesh.Client.AspNetCore.Admin.Answers;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Metrics;

/// <summary>Answers <c>/metrics</c>.</summary>
/// <param name="collector">Knows the figures.</param>
/// <param name="version">The version of the agent.</param>
internal sealed class MetricsEndpoint(MetricsCollector collector, string version)
{
    public Task InvokeAsync(HttpContext context)
    {
        bool isOpen = MetricsFormat.IsOpen(context.Request);
        string text = "";
        collector.Collect(instruments => text = new MetricsText(isOpen).Write([.. MetricFamilies.Of(instruments), .. Own(instruments)]));
        context.Response.ContentType = isOpen ? MetricsFormat.Open : MetricsFormat.Text;
        context.Response.Headers.Vary = "Accept";
        return Answer.WriteBodyAsync(context, Encoding.UTF8.GetBytes(text));
    }

    // What no meter says: who tells, and what there was no room for.
    private MetricFamily[] Own(IReadOnlyList<InstrumentSeries> instruments)
    {
        var dropped = new MetricFamily("mesh_agent_metrics_dropped_measurements", "", "Measurements that found no room for a series of their own.", SeriesKind.Counter, []);
        dropped.Add("", new MetricPoint(instruments.Sum(static i => i.Dropped), []));
        var build = new MetricFamily("mesh_agent_build", "", "The version of the agent; always 1.", SeriesKind.Gauge, []);
        build.Add($"version=\"{MetricsText.EscapeLabel(version)}\"", new MetricPoint(1, []));
        return [build, dropped];
    }
}
