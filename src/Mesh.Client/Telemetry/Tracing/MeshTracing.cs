using System.Collections.Frozen;
using System.Diagnostics;

namespace Mesh.Client.Telemetry.Tracing;

/// <summary>The logical span of a call: one, however many attempts the runtime's own spans beneath it are.</summary>
internal sealed class MeshTracing : IDisposable
{
    // What the conventions put in place of a method that HTTP does not know, so that there are few of them; the runtime's own spans do so too.
    private const string OtherMethod = "_OTHER";
    private const string OtherName = "HTTP";

    private static readonly FrozenSet<string> s_methods = FrozenSet.Create(["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"]);

    private readonly ActivitySource _source = new(MeshTelemetry.ActivitySourceName);

    /// <summary>Whether anybody wants spans.</summary>
    public bool IsOn => _source.HasListeners();

    /// <summary>Begins the span of a call; <see langword="null"/> where nobody wants this one.</summary>
    /// <param name="service">The service.</param>
    /// <param name="method">The method of the request.</param>
    public Activity? Start(string service, HttpMethod method)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        bool isKnown = s_methods.Contains(method.Method);
        Activity? span = _source.StartActivity($"{(isKnown ? method.Method : OtherName)} {service}", ActivityKind.Internal);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(TagNames.Service, service);
            span.SetTag(TagNames.Method, isKnown ? method.Method : OtherMethod);
            if (!isKnown)
            {
                span.SetTag(TagNames.OriginalMethod, method.Method);
            }
        }

        return span;
    }

    public void Dispose() => _source.Dispose();
}
