namespace Mesh.Client.OpenTelemetry.Tests.Reports;

/// <summary>How a collector fares.</summary>
public enum CollectorKind
{
    /// <summary>It answers at once.</summary>
    Well,

    /// <summary>It takes a second.</summary>
    Slow,

    /// <summary>It never answers.</summary>
    Hanging,

    /// <summary>Nobody listens.</summary>
    Dead,
}
