namespace Shop.Story.Measuring;

/// <summary>The pages within a stretch of time, in their order.</summary>
internal sealed class CallWindow(IReadOnlyList<Call> calls)
{
    public int Count => calls.Count;

    public int Failed => calls.Count(c => c.Page is null);

    public string? FirstError => calls.FirstOrDefault(c => c.Error is not null)?.Error;

    /// <summary>The longest that a customer waited for a page that needed nothing from far away.</summary>
    public TimeSpan Slowest => calls.Where(c => !c.IsFar).Select(c => c.Took).DefaultIfEmpty().Max();

    /// <summary>Those whose item lies far away.</summary>
    public IReadOnlyList<Call> Far => [.. calls.Where(c => c.IsFar && c.Page is not null)];

    /// <summary>When an instance first had a hand in one, if it had.</summary>
    public TimeSpan? First(string instance) => calls.FirstOrDefault(c => c.Page?.IsFrom(instance) ?? false)?.At;

    /// <summary>When an instance last had a hand in one, if it had.</summary>
    public TimeSpan? Last(string instance) => calls.LastOrDefault(c => c.Page?.IsFrom(instance) ?? false)?.At;

    /// <summary>The time within which half of some calls were answered.</summary>
    public static TimeSpan Median(IEnumerable<Call> some)
    {
        TimeSpan[] sorted = [.. some.Select(c => c.Took).Order()];
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[sorted.Length / 2];
    }
}
