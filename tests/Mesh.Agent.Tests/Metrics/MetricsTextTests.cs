using Mesh.Agent.Metrics;

namespace Mesh.Agent.Tests.Metrics;

/// <summary>The two formats, by their specifications' own examples where there are some.</summary>
public sealed class MetricsTextTests
{
    [Fact]
    public void Counter_InBothFormats_HasItsTotal()
    {
        var family = new MetricFamily("http_requests", "", "The total number of HTTP requests.", SeriesKind.Counter, []);
        family.Add("method=\"post\",code=\"200\"", new MetricPoint(1027, []));
        family.Add("method=\"post\",code=\"400\"", new MetricPoint(3, []));

        Assert.Equal(
            """
            # TYPE http_requests_total counter
            # HELP http_requests_total The total number of HTTP requests.
            http_requests_total{method="post",code="200"} 1027
            http_requests_total{method="post",code="400"} 3

            """,
            new MetricsText(isOpen: false).Write([family]));
        Assert.Equal(
            """
            # TYPE http_requests counter
            # HELP http_requests The total number of HTTP requests.
            http_requests_total{method="post",code="200"} 1027
            http_requests_total{method="post",code="400"} 3
            # EOF

            """,
            new MetricsText(isOpen: true).Write([family]));
    }

    [Fact]
    public void Histogram_InBothFormats_CountsUpToInfinity()
    {
        var series = new Series([0.05, 1, 10]);
        foreach (double value in new[] { 0.01, 0.05, 0.051, 1, 1, 7, 10, 11, double.NaN })
        {
            series.Record(value);
        }

        var family = new MetricFamily("wait_seconds", "seconds", "", SeriesKind.Histogram, [0.05, 1, 10]);
        family.Add("a=\"b\"", new MetricPoint(series.Value, series.Cumulative()));

        Assert.Equal(
            """
            # TYPE wait_seconds histogram
            wait_seconds_bucket{a="b",le="0.05"} 2
            wait_seconds_bucket{a="b",le="1"} 5
            wait_seconds_bucket{a="b",le="10"} 7
            wait_seconds_bucket{a="b",le="+Inf"} 8
            wait_seconds_sum{a="b"} 30.111
            wait_seconds_count{a="b"} 8

            """,
            new MetricsText(isOpen: false).Write([family]));
        Assert.Equal(
            """
            # TYPE wait_seconds histogram
            # UNIT wait_seconds seconds
            wait_seconds_bucket{a="b",le="0.05"} 2
            wait_seconds_bucket{a="b",le="1.0"} 5
            wait_seconds_bucket{a="b",le="10.0"} 7
            wait_seconds_bucket{a="b",le="+Inf"} 8
            wait_seconds_sum{a="b"} 30.111
            wait_seconds_count{a="b"} 8
            # EOF

            """,
            new MetricsText(isOpen: true).Write([family]));
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(0.1, "0.1")]
    [InlineData(-0.25, "-0.25")]
    [InlineData(1e300, "1E+300")]
    [InlineData(9007199254740993.0, "9007199254740992")]
    public void Number_OfAGauge_IsReadAgain(double value, string text)
    {
        var family = new MetricFamily("g", "", "", SeriesKind.Gauge, []);
        family.Add("", new MetricPoint(value, []));

        Assert.Equal($"# TYPE g gauge\ng {text}\n", new MetricsText(isOpen: false).Write([family]));
    }

    [Fact]
    public void Texts_WithSpecialSigns_AreEscaped()
    {
        // The example of the text format: path="C:\DIR\FILE.TXT", error="Cannot find file:\n\"FILE.TXT\"".
        string labels = MetricFamilies.Labels(new TagSet([new("path", "C:\\DIR\\FILE.TXT"), new("error", "Cannot find file:\n\"FILE.TXT\"")]));
        var family = new MetricFamily("g", "", "a \\ b\nc \"d\"", SeriesKind.Gauge, []);
        family.Add(labels, new MetricPoint(1, []));

        Assert.Equal(
            """
            # TYPE g gauge
            # HELP g a \\ b\nc "d"
            g{error="Cannot find file:\n\"FILE.TXT\"",path="C:\\DIR\\FILE.TXT"} 1

            """,
            new MetricsText(isOpen: false).Write([family]));
        Assert.Contains("# HELP g a \\\\ b\\nc \\\"d\\\"\n", new MetricsText(isOpen: true).Write([family]), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_OfAttributes_AreCleanSortedAndJoined() => Assert.Equal(
        "_1=\"\",http_status=\"200\",is_on=\"true\",peer_name=\"a;b\"",
        MetricFamilies.Labels(new TagSet([new("peer.name", "a"), new("peer_name", "b"), new("http.status", 200), new("is.on", true), new("1", null)])));

    [Fact]
    public void Family_WithoutASeries_IsNotTold() =>
        Assert.Equal("# EOF\n", new MetricsText(isOpen: true).Write([new MetricFamily("g", "", "help", SeriesKind.Gauge, [])]));
}
