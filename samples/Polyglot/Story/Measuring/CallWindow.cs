namespace Polyglot.Story.Measuring;

/// <summary>The pages within a stretch of time, in their order.</summary>
internal sealed class CallWindow(IReadOnlyList<Call> calls)
{
    public int Count => calls.Count;

    public int Failed => calls.Count(c => c.Page is null);

    public string? FirstError => calls.FirstOrDefault(c => c.Error is not null)?.Error;

    public TimeSpan Slowest => calls.Select(c => c.Took).DefaultIfEmpty().Max();

    /// <summary>Those that did not fail.</summary>
    public IReadOnlyList<Call> Pages => [.. calls.Where(c => c.Page is not null)];

    /// <summary>Those of customers who try what is new.</summary>
    public IReadOnlyList<Page> Testers => [.. calls.Where(c => c.IsTester).Select(c => c.Page).OfType<Page>()];

    /// <summary>Those of all others.</summary>
    public IReadOnlyList<Page> Others => [.. calls.Where(c => !c.IsTester).Select(c => c.Page).OfType<Page>()];

    /// <summary>Whether an instance had a hand in one.</summary>
    public bool Includes(string instance) => calls.Any(c => c.Page?.IsFrom(instance) ?? false);
}
