namespace Quickstart.Measuring;

/// <summary>The calls within a stretch of time.</summary>
internal sealed class CallWindow(IReadOnlyList<Call> calls, TimeSpan length)
{
    /// <summary>The calls a second that one instance answered.</summary>
    public double Rate(string instance) => calls.Count(c => c.Instance == instance) / length.TotalSeconds;

    /// <summary>The part of all calls that one instance answered, from 0 to 1.</summary>
    public double Share(string instance) => calls.Count == 0 ? 0 : (double)calls.Count(c => c.Instance == instance) / calls.Count;

    /// <summary>The time within which this part of the calls was answered; of all instances, or of one.</summary>
    public TimeSpan Percentile(double part, string? instance = null)
    {
        TimeSpan[] sorted = [.. calls.Where(c => instance is null || c.Instance == instance).Select(c => c.Took).Order()];
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
    }
}
