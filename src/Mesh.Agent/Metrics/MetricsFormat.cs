using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Mesh.Agent.Metrics;

/// <summary>Which of the two formats a caller gets.</summary>
internal static class MetricsFormat
{
    public const string Text = "text/plain; version=0.0.4; charset=utf-8";
    public const string Open = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private const string OpenType = "application/openmetrics-text";
    private const string TextType = "text/plain";

    /// <summary>Whether OpenMetrics is wanted more than text, which everybody gets who does not say.</summary>
    public static bool IsOpen(HttpRequest request)
    {
        StringValues accept = request.Headers.Accept;
        if (StringValues.IsNullOrEmpty(accept) || !MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? wanted))
        {
            return false;
        }

        double open = Quality(wanted, OpenType, "1.0.0");
        return open > 0 && open >= Quality(wanted, TextType, "0.0.4");
    }

    private static double Quality(IEnumerable<MediaTypeHeaderValue> wanted, string type, string version) => wanted
        .Where(w => w.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        .Where(w => w.Parameters.FirstOrDefault(static p => p.Name.Equals("version", StringComparison.OrdinalIgnoreCase)) is not { } said || HeaderUtilities.RemoveQuotes(said.Value).Equals(version, StringComparison.Ordinal))
        .Select(static w => w.Quality ?? 1)
        .DefaultIfEmpty(0)
        .Max();
}
