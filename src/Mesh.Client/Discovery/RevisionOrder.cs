using Mesh.Client.Model;

namespace Mesh.Client.Discovery;

/// <summary>
/// Finds answers that come late within one watch of one source. Only revisions that are unsigned decimal numbers, of any length, have an order;
/// all others are opaque, and an answer with one is never late. A new watch begins without a memory: a registry that was restored from a backup
/// counts from a lower number, and is right.
/// </summary>
internal sealed class RevisionOrder
{
    private string? _newest;

    /// <summary>Whether an answer is older than one that this watch has given before. Remembers it otherwise.</summary>
    public bool IsLate(EndpointUpdate update)
    {
        if (update is not EndpointsFound { Set.Revision: { Length: > 0 } revision } || !revision.All(char.IsAsciiDigit))
        {
            return false;
        }

        if (_newest is not null && Compare(revision, _newest) < 0)
        {
            return true;
        }

        _newest = revision;
        return false;
    }

    private static int Compare(string left, string right)
    {
        ReadOnlySpan<char> a = left.AsSpan().TrimStart('0');
        ReadOnlySpan<char> b = right.AsSpan().TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
    }
}
