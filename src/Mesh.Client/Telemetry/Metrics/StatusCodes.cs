namespace Mesh.Client.Telemetry.Metrics;

/// <summary>Status codes as objects, each made once: an attribute that is a number would be a new one for each call.</summary>
internal static class StatusCodes
{
    private const int Count = 600;

    private static readonly object?[] s_boxed = [.. Enumerable.Range(0, Count).Select(static n => n == 0 ? null : (object?)n)];

    /// <summary>The status; <see langword="null"/> for none and for what is no status of HTTP.</summary>
    public static object? Boxed(int status) => (uint)status < Count ? s_boxed[status] : null;
}
