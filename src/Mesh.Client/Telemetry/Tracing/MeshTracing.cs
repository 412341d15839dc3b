using System.Diagnostics;

namespace Mesh.Client.Telemetry.Tracing;

/// <summary>The logical span of a call: one, however many attempts the runtime's own spans beneath it are.</summary>
internal sealed class MeshTracing : IDisposable
{
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

        Activity? span = _source.StartActivity($"{method.Method} {service}", ActivityKind.Internal);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(TagNames.Service, service);
            span.SetTag(TagNames.Method, method.Method);
        }

        return span;
    }

    public void Dispose() => _source.Dispose();
}
