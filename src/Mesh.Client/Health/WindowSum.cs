namespace Mesh.Client.Health;

/// <summary>What a window holds now.</summary>
/// <param name="Total">Calls.</param>
/// <param name="Failures">Failures, plain 500s not included.</param>
/// <param name="ServerErrors">Plain 500s, which may be the request's fault.</param>
/// <param name="Slow">Calls whose headers took <c>SlowCallDuration</c> or longer.</param>
internal readonly record struct WindowSum(int Total, int Failures, int ServerErrors, int Slow)
{
    public double FailureRatio => Total == 0 ? 0 : (double)(Failures + ServerErrors) / Total;
}
