using System.Buffers;

namespace Mesh.Client.Matching;

/// <summary>The name of a lane, which travels in a header: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
internal static class LaneName
{
    public const int MaxLength = 128;

    private static readonly SearchValues<char> s_characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    public static bool IsValid(ReadOnlySpan<char> name) => name.Length is > 0 and <= MaxLength && !name.ContainsAnyExcept(s_characters);
}
