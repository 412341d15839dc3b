using Mesh.Agent.Metrics;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Tests.Metrics;

public sealed class MetricsFormatTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("text/html", false)]
    [InlineData("text/plain", false)]
    [InlineData("not a media type;;", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    [InlineData("application/openmetrics-text; version=2.0.0, text/plain;q=0.1", false)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.75,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.25,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", true)]
    [InlineData("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.5", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    public void IsOpen_ByWhatTheCallerAccepts_IsChosen(string? accept, bool isOpen)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Accept = accept;

        Assert.Equal(isOpen, MetricsFormat.IsOpen(context.Request));
    }
}
