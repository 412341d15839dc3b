using System.Globalization;
using Mesh.Client.Model;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks <c>RateLimits</c> and <c>Concurrency</c>, of a service or of <c>Server</c>.</summary>
/// <param name="errors">Where to report.</param>
/// <param name="hasStore">Whether a store for the quotas of the fleet was added.</param>
internal sealed class LimitCheck(OptionErrors errors, bool hasStore)
{
    public static string? Key(string text, out string value)
    {
        value = text.Trim();
        return LimitKey.TryParse(value, out _, out string? error) ? null : $"is no key of a limit: {error.TrimEnd('.')}";
    }

    public static string? Permits(string text, out int? value)
    {
        value = null;
        if (text.Trim().Length == 0)
        {
            return null;
        }

        string? problem = ValueParsers.Integer(text, out int number);
        value = problem is null ? number : null;
        return problem ?? (number < 0 ? "is negative; write 0, which lets nothing pass, or more" : null);
    }

    /// <summary>What code made of the limits, by the rules that the configuration is read by.</summary>
    public void Code(CodeCheck check, IList<RateLimitOptions>? limits, ConcurrencyOptions concurrency, string origin)
    {
        OptionRules rules = OptionRules.For<RateLimitOptions>();
        foreach ((RateLimitOptions limit, string item) in Items(limits, origin))
        {
            if (Key(limit.Key ?? "", out _) is { } problem)
            {
                errors.Add($"{item}:{nameof(limit.Key)}", limit.Key, problem);
            }

            check.Named(limit.Algorithm, $"{item}:", nameof(limit.Algorithm));
            check.Named(limit.Store, $"{item}:", nameof(limit.Store));
            check.Named(limit.OnStoreFailure, $"{item}:", nameof(limit.OnStoreFailure));
            check.Range(rules, $"{item}:", nameof(limit.Per), limit.Per);
            check.Range(rules, $"{item}:", nameof(limit.QueueLimit), limit.QueueLimit);
            check.Range(rules, $"{item}:", nameof(limit.MaxKeys), limit.MaxKeys);
            foreach ((string name, int? value) in new[] { (nameof(limit.Permits), limit.Permits), (nameof(limit.Burst), limit.Burst) })
            {
                if (value < 0)
                {
                    errors.Add($"{item}:{name}", value.Value.ToString(CultureInfo.InvariantCulture), "is negative; write 0 or more");
                }
            }
        }

        rules = OptionRules.For<ConcurrencyOptions>();
        origin = $"{origin}{nameof(ServiceOptions.Concurrency)}:";
        check.Range(rules, origin, nameof(concurrency.Limit), concurrency.Limit);
        check.Range(rules, origin, nameof(concurrency.MinLimit), concurrency.MinLimit);
        check.Range(rules, origin, nameof(concurrency.MaxLimit), concurrency.MaxLimit);
        check.Range(rules, origin, nameof(concurrency.QueueLimit), concurrency.QueueLimit);
        check.Range(rules, origin, nameof(concurrency.QueueTimeout), concurrency.QueueTimeout);
    }

    /// <summary>What does not go together, whoever wrote it.</summary>
    /// <param name="limits">The rate limits.</param>
    /// <param name="inherited">Those that they may be, unchanged: what is wrong with them is reported where they stand.</param>
    /// <param name="origin">What to put before the keys.</param>
    public void Whole(IList<RateLimitOptions>? limits, IList<RateLimitOptions>? inherited, string origin)
    {
        if (ReferenceEquals(limits, inherited))
        {
            return;
        }

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach ((RateLimitOptions limit, string item) in Items(limits, origin))
        {
            if (limit.Permits is not { } permits)
            {
                errors.Add($"{item}:{nameof(limit.Permits)}", null, "must be given: how many may pass in each Per, such as 100");
            }
            else if (limit.Per > TimeSpan.Zero && permits / limit.Per.TotalSeconds > RateLimitPolicy.MaxPermitsPerSecond)
            {
                errors.Add($"{item}:{nameof(limit.Permits)}", permits.ToString(CultureInfo.InvariantCulture), $"is more than {RateLimitPolicy.MaxPermitsPerSecond} a second; lower it, or raise {nameof(limit.Per)}");
            }

            if (limit.Name is { Length: > 0 } name && !names.Add(name))
            {
                errors.Add($"{item}:{nameof(limit.Name)}", name, "is in the list twice; give each limit a name of its own");
            }

            if (limit.Store is LimitStore.Redis && !hasStore)
            {
                errors.Add($"{item}:{nameof(limit.Store)}", "Redis", "needs a store that all processes share, and none was added; call mesh.AddRedisQuota() of the package Mesh.Client.Redis in AddMesh, or write \"Memory\" for a limit of each process by itself");
            }
        }
    }

    /// <summary>The two bounds of an adaptive limit.</summary>
    public void Whole(ConcurrencyOptions options, ConcurrencyOptions? inherited, string origin)
    {
        if (options.MinLimit > options.MaxLimit && (inherited is null || (options.MinLimit, options.MaxLimit) != (inherited.MinLimit, inherited.MaxLimit)))
        {
            errors.Add(
                $"{origin}{nameof(ServiceOptions.Concurrency)}:{nameof(options.MinLimit)}",
                options.MinLimit.ToString(CultureInfo.InvariantCulture),
                $"is more than {nameof(options.MaxLimit)} ({options.MaxLimit.ToString(CultureInfo.InvariantCulture)}); lower it or raise the other");
        }
    }

    private List<(RateLimitOptions Limit, string Item)> Items(IList<RateLimitOptions>? limits, string origin)
    {
        List<(RateLimitOptions, string)> items = [];
        foreach (RateLimitOptions? limit in limits ?? [])
        {
            string item = string.Create(CultureInfo.InvariantCulture, $"{origin}{nameof(ServiceOptions.RateLimits)}:{items.Count}");
            if (limit is null)
            {
                errors.Add(item, null, "is null; give it Permits");
            }

            items.Add((limit ?? new RateLimitOptions { Permits = 0 }, item));
        }

        return items;
    }
}
