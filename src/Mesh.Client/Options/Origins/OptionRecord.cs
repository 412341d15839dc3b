using System.Globalization;
using System.Net;

namespace Mesh.Client.Options.Origins;

/// <summary>What the reader of a section would find there, key by key: it asks for each key with the value that stands now.</summary>
internal sealed class OptionRecord
{
    private const int MaxItems = 20;
    private readonly List<KeyValuePair<string, string>> _values = [];
    private string _prefix = "";

    /// <summary>The keys with their values, in the order of the reader.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values => _values;

    /// <summary>Takes a single value.</summary>
    public void Add<T>(string key, T value) => _values.Add(new(_prefix + key, Text(value)));

    /// <summary>Takes a list.</summary>
    public void AddList<T>(string key, IEnumerable<T> items)
    {
        string[] texts = [.. items.Select(static i => Text(i))];
        string more = texts.Length > MaxItems ? $", and {texts.Length - MaxItems} more" : "";
        _values.Add(new(_prefix + key, string.Join(", ", texts.Take(MaxItems)) + more));
    }

    /// <summary>Takes what is beneath a key.</summary>
    public void Beneath(string key, Action read)
    {
        string before = _prefix;
        _prefix = $"{before}{key}:";
        read();
        _prefix = before;
    }

    private static string Text<T>(T value) => value switch
    {
        null => "",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        DecompressionMethods methods => methods.ToString(),
        EndpointOptions endpoint => WithoutQuery(endpoint.Address ?? ""),
        RateLimitOptions limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Name}: {limit.Permits} in {limit.Per:c}"),
        RouteRuleOptions route => route.Name,
        string text => WithoutQuery(text),
        Enum or IFormattable => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        _ => "…",
    };

    private static string WithoutQuery(string text) => text.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? $"{text[..mark]}?…" : text;
}
