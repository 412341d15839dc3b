using System.Collections.Immutable;
using Mesh.Client.Model;

namespace Mesh.Client.Routing;

/// <summary>
/// The routes of a service by what their paths begin with: a radix tree (Morrison, PATRICIA, 1968) over the literal beginnings of their conditions. A node holds the routes whose
/// beginning is the path so far or a part of it, in the order of the list: finding those of a path takes the length of the path, and what is found is a list to go through and no more.
/// It only leaves out routes whose path cannot match; <see cref="RouteMatcher"/> decides about the others.
/// </summary>
internal sealed class RouteIndex
{
    // In all nodes together. A table that would take more is one in which most paths have many candidates: an index is of no use there.
    private const int MaxEntriesForEach = 32;

    private readonly StringComparison _comparison;
    private readonly bool _hasPatterns;
    private readonly ImmutableArray<RoutePolicy> _all;
    private readonly Node _root;

    private RouteIndex(ImmutableArray<RoutePolicy> routes, Node root, bool ignoreCase)
    {
        _all = routes;
        _root = root;
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        _hasPatterns = routes.Any(static r => r.Match.Path is not null);
    }

    /// <summary>Makes the index; <see langword="null"/> where it would be of no use.</summary>
    public static RouteIndex? TryMake(ImmutableArray<RoutePolicy> routes)
    {
        if (routes.Length < 2)
        {
            return null;
        }

        bool ignoreCase = routes.Any(static r => r.Match.IgnoreCase && r.Match.PathRegex is null);
        Entry[] entries = [.. routes.Select((r, i) => Entry.Of(r.Match, i, ignoreCase)).OrderBy(static e => e.Text, StringComparer.Ordinal)];
        int room = routes.Length * MaxEntriesForEach;
        return Build(entries, 0, 0, [], routes, ref room) is { } root ? new RouteIndex(routes, root, ignoreCase) : null;
    }

    /// <summary>The routes that a path may belong to, in their order.</summary>
    public ReadOnlySpan<RoutePolicy> Candidates(ReadOnlySpan<char> path)
    {
        // A pattern is compared with the path decoded, and whether a slash comes first makes no difference to it.
        if (_hasPatterns && (path is not ['/', ..] || path.Contains('%')))
        {
            return _all.AsSpan();
        }

        Node node = _root;
        while (!path.IsEmpty)
        {
            char first = _comparison is StringComparison.Ordinal ? path[0] : Fold(path[0]);
            int at = node.Firsts.AsSpan().IndexOf(first);
            if (at < 0 || !path.StartsWith(node.Next[at].Text, _comparison))
            {
                return node.Through;
            }

            node = node.Next[at];
            path = path[node.Text.Length..];
        }

        return node.Here;
    }

    // Sorted, so that what begins alike stands together. Depth first: the stack is as deep as beginnings are nested, which is at most the number of routes.
    private static Node? Build(ReadOnlySpan<Entry> entries, int from, int to, int[] above, ImmutableArray<RoutePolicy> routes, ref int room)
    {
        int ends = 0;
        while (ends < entries.Length && entries[ends].Text.Length == to)
        {
            ends++;
        }

        int[] here = Merge(above, entries[..ends], withWhole: true);
        int[] through = Merge(above, entries[..ends], withWhole: false);
        room -= here.Length + through.Length;
        if (room < 0)
        {
            return null;
        }

        string firsts = "";
        List<Node> next = [];
        for (int i = ends; i < entries.Length;)
        {
            char first = entries[i].Text[to];
            int end = i + 1;
            while (end < entries.Length && entries[end].Text[to] == first)
            {
                end++;
            }

            int shared = entries[i].Text.AsSpan(to).CommonPrefixLength(entries[end - 1].Text.AsSpan(to));
            if (Build(entries[i..end], to, to + shared, through, routes, ref room) is not { } child)
            {
                return null;
            }

            firsts += first;
            next.Add(child);
            i = end;
        }

        string text = entries.IsEmpty ? "" : entries[0].Text[from..to];
        return new Node(text, firsts, [.. next], Routes(here, routes), here.Length == through.Length ? null : Routes(through, routes));
    }

    private static int[] Merge(int[] above, ReadOnlySpan<Entry> own, bool withWhole)
    {
        List<int> merged = [.. above];
        foreach (Entry entry in own)
        {
            if (withWhole || !entry.IsWhole)
            {
                merged.Add(entry.Route);
            }
        }

        merged.Sort();
        return [.. merged];
    }

    private static RoutePolicy[] Routes(int[] numbers, ImmutableArray<RoutePolicy> routes) => [.. numbers.Select(n => routes[n])];

    private static char Fold(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;

    // No other character is the same as a letter of ASCII to OrdinalIgnoreCase; what they are among themselves is left to the matcher.
    private readonly record struct Entry(string Text, bool IsWhole, int Route)
    {
        public static Entry Of(RouteMatch match, int route, bool fold)
        {
            string text = match.Prefix ?? match.Exact ?? match.Path?.Literal ?? match.PathRegex?.Literal ?? "";
            bool isWhole = match.Prefix is null && match.Exact is not null;
            if (fold)
            {
                int ascii = text.AsSpan().IndexOfAnyExceptInRange('\0', '\x7f');
                isWhole &= ascii < 0;
                text = string.Create(ascii < 0 ? text.Length : ascii, text, static (span, from) =>
                {
                    for (int i = 0; i < span.Length; i++)
                    {
                        span[i] = Fold(from[i]);
                    }
                });
            }

            return new Entry(text, isWhole, route);
        }
    }

    private sealed class Node(string text, string firsts, Node[] next, RoutePolicy[] here, RoutePolicy[]? through)
    {
        /// <summary>What leads from the node above to this one.</summary>
        public string Text { get; } = text;

        /// <summary>What the texts of <see cref="Next"/> begin with, in their order.</summary>
        public string Firsts { get; } = firsts;

        public Node[] Next { get; } = next;

        /// <summary>The candidates of the path that ends here.</summary>
        public RoutePolicy[] Here { get; } = here;

        /// <summary>The candidates of the paths that go on from here in a way that no node leads.</summary>
        public RoutePolicy[] Through { get; } = through ?? here;
    }
}
