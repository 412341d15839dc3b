namespace Mesh.Client.Options.Checking;

/// <summary>Finds the known name that a misspelt one most likely means.</summary>
internal static class NearestName
{
    /// <summary>A longer name is no slip of the pen, and comparing it would cost.</summary>
    private const int MaxLength = 64;

    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return null;
        }

        return known.Where(static k => k.Length <= MaxLength).MinBy(k => Distance(name, k));
    }

    /// <summary>The insertions, removals, replacements and swaps of neighbours that lead from one to the other, regardless of case.</summary>
    private static int Distance(string from, string to)
    {
        Span<int> twoBack = stackalloc int[to.Length + 1];
        Span<int> last = stackalloc int[to.Length + 1];
        Span<int> now = stackalloc int[to.Length + 1];
        for (int j = 0; j <= to.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= from.Length; i++)
        {
            now[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                now[j] = Math.Min(Math.Min(now[j - 1], last[j]) + 1, last[j - 1] + (Same(from[i - 1], to[j - 1]) ? 0 : 1));
                if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                {
                    now[j] = Math.Min(now[j], twoBack[j - 2] + 1);
                }
            }

            Span<int> free = twoBack;
            twoBack = last;
            last = now;
            now = free;
        }

        return last[to.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
