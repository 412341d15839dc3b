namespace Mesh.Client.Matching;

/// <summary>Finds a value in a query as applications read it: names and values decoded, <c>+</c> a space, a name without <c>=</c> has an empty value.</summary>
internal static class QueryValues
{
    /// <summary>The first value of a name.</summary>
    public static bool TryFind(ReadOnlySpan<char> query, string name, out ReadOnlySpan<char> value)
    {
        query = query is ['?', ..] ? query[1..] : query;
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> pair = query[range];
            int equals = pair.IndexOf('=');
            ReadOnlySpan<char> key = equals < 0 ? pair : pair[..equals];
            if (pair.Length > 0 && Decoded(key).SequenceEqual(name))
            {
                value = equals < 0 ? default : Decoded(pair[(equals + 1)..]);
                return true;
            }
        }

        value = default;
        return false;
    }

    private static ReadOnlySpan<char> Decoded(ReadOnlySpan<char> text) =>
        text.ContainsAny('%', '+') ? Uri.UnescapeDataString(text.ToString().Replace('+', ' ')) : text;
}
