namespace Mesh.Client.Limits.Keys;

/// <summary>Finds a value in a query, without an allocation.</summary>
internal static class QueryValue
{
    /// <summary>The first value of a name, as it stands there; empty where there is none.</summary>
    /// <param name="query">The query, with or without its question mark.</param>
    /// <param name="name">The name, to the letter.</param>
    public static ReadOnlySpan<char> Find(ReadOnlySpan<char> query, ReadOnlySpan<char> name)
    {
        query = query.TrimStart('?');
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> pair = query[range];
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
            {
                return pair[(name.Length + 1)..];
            }
        }

        return default;
    }
}
