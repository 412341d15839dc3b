using Mesh.Client.Model;

namespace Mesh.Client.Faults;

/// <summary>What one call may suffer, and how likely it is.</summary>
/// <param name="Delay">How long it is held; zero is not at all.</param>
/// <param name="DelayRate">From 0 to 1.</param>
/// <param name="Status">The status of HTTP that it fails with; <see langword="null"/> where only <paramref name="GrpcStatus"/> is given.</param>
/// <param name="GrpcStatus">The status of gRPC; <see langword="null"/> for the one that <paramref name="Status"/> maps to.</param>
/// <param name="AbortRate">From 0 to 1.</param>
internal readonly record struct FaultPlan(TimeSpan Delay, double DelayRate, int? Status, uint? GrpcStatus, double AbortRate)
{
    private const ulong LongestDelay = 24 * 60 * 60 * 1000;

    /// <summary>Whether nothing can come of it.</summary>
    public bool IsHarmless => (DelayRate <= 0 || Delay <= TimeSpan.Zero) && AbortRate <= 0;

    /// <summary>What a route has for a call.</summary>
    public static FaultPlan Of(FaultPolicy policy, HttpRequestMessage request) => policy.FromHeaders
        ? FromHeaders(policy, request)
        : new FaultPlan(policy.Delay, policy.DelayPercent / 100, policy.AbortStatus, (uint?)policy.AbortGrpcStatus, policy.AbortPercent / 100);

    private static FaultPlan FromHeaders(FaultPolicy policy, HttpRequestMessage request)
    {
        ulong delay = policy.DelayPercent > 0 ? FaultHeaders.Number(request, FaultHeaders.Delay, ulong.MaxValue) ?? 0 : 0;
        ulong? status = null;
        ulong? grpc = null;
        if (policy.AbortPercent > 0)
        {
            status = FaultHeaders.Number(request, FaultHeaders.Abort, 599) is { } number and >= 200 ? number : null;
            grpc = status is null ? FaultHeaders.Number(request, FaultHeaders.AbortGrpc, uint.MaxValue) : null;
        }

        return new FaultPlan(
            TimeSpan.FromMilliseconds(Math.Min(delay, LongestDelay)),
            delay == 0 ? 0 : Rate(request, FaultHeaders.DelayPercentage, policy.DelayPercent),
            (int?)status,
            (uint?)grpc,
            status is null && grpc is null ? 0 : Rate(request, FaultHeaders.AbortPercentage, policy.AbortPercent));
    }

    // A header can only lower what the route says.
    private static double Rate(HttpRequestMessage request, string header, double most) =>
        Math.Min(FaultHeaders.Number(request, header, uint.MaxValue) ?? most, most) / 100;
}
