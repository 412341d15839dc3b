using System.Buffers;
using System.Text;

namespace Mesh.Client.Matching;

/// <summary>
/// Brings a path into the one form that rules are compared with: percent-encoding undone to its end, however often it was encoded; <c>\</c> as <c>/</c>;
/// parameters after <c>;</c> dropped; empty segments dropped; <c>.</c> and <c>..</c> resolved. Whatever trick a proxy, a framework or a file system on the way could
/// fall for, this form is what it would see at worst.
/// </summary>
internal static class NormalPath
{
    private static readonly SearchValues<char> s_special = SearchValues.Create("%\\;\0");

    /// <summary>Brings a path into its normal form.</summary>
    /// <param name="path">The path, decoded once as a server hands it out, or as it was sent. Empty is <c>/</c>.</param>
    /// <param name="normal">The normal form; the same object where nothing had to change.</param>
    /// <returns>Whether it has one. It has none if it leads above the root, or has a NUL or bytes that are not UTF-8.</returns>
    public static bool TryMake(string path, out string normal)
    {
        normal = path.Length == 0 ? "/" : path;
        ReadOnlySpan<char> text = normal;
        return (!text.ContainsAny(s_special) && text[0] == '/' && !text.Contains("//", StringComparison.Ordinal) && !text.Contains("/.", StringComparison.Ordinal))
            || TryRewrite(path, out normal);
    }

    private static bool TryRewrite(string path, out string normal)
    {
        normal = "/";
        if (path.Length > 0 && path[0] != '/')
        {
            return false;
        }

        char[] rented = ArrayPool<char>.Shared.Rent(path.Length);
        try
        {
            int length = DecodeAscii(path, rented);
            length = length < 0 ? length : DecodeRest(rented.AsSpan(0, length), rented);
            length = length < 0 ? length : Resolve(rented.AsSpan(0, length), rented);
            if (length < 0)
            {
                return false;
            }

            ReadOnlySpan<char> made = length == 0 ? "/" : rented.AsSpan(0, length);
            normal = made.SequenceEqual(path) ? path : new string(made);
            return true;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    // A character that was decoded may be the end of another code, such as the 5 in %2%35: each is looked at again.
    private static int DecodeAscii(ReadOnlySpan<char> path, Span<char> target)
    {
        int length = 0;
        foreach (char c in path)
        {
            target[length++] = c;
            while (length >= 3 && target[length - 3] == '%' && Byte(target[(length - 2)..length]) is >= 0 and < 0x80 and int code)
            {
                length -= 2;
                target[length - 1] = (char)code;
            }

            if (target[length - 1] == '\0')
            {
                return -1;
            }
        }

        return length;
    }

    // What is still encoded here is no ASCII. Overlong forms, such as %C0%AF for a slash, are what old decoders fell for.
    private static int DecodeRest(ReadOnlySpan<char> path, Span<char> target)
    {
        Span<byte> bytes = stackalloc byte[4];
        int length = 0;
        for (int i = 0; i < path.Length;)
        {
            int count = 0;
            while (count < bytes.Length && i + (count * 3) + 2 < path.Length && path[i + (count * 3)] == '%' && Byte(path.Slice(i + (count * 3) + 1, 2)) is >= 0 and int value)
            {
                bytes[count++] = (byte)value;
            }

            if (count == 0)
            {
                target[length++] = path[i++];
            }
            else if (Rune.DecodeFromUtf8(bytes[..count], out Rune rune, out int used) == OperationStatus.Done)
            {
                length += rune.EncodeToUtf16(target[length..]);
                i += used * 3;
            }
            else
            {
                return -1;
            }
        }

        return length;
    }

    private static int Resolve(ReadOnlySpan<char> path, Span<char> target)
    {
        int length = 0;
        int at = 0;
        while (at < path.Length)
        {
            int end = path[at..].IndexOfAny('/', '\\');
            ReadOnlySpan<char> segment = end < 0 ? path[at..] : path.Slice(at, end);
            at += segment.Length + 1;
            int parameters = segment.IndexOf(';');
            segment = parameters < 0 ? segment : segment[..parameters];
            if (segment is "..")
            {
                if (length == 0)
                {
                    return -1;
                }

                length = target[..length].LastIndexOf('/');
            }
            else if (segment is not ("" or "."))
            {
                // Written behind what was read: a segment never moves to the right.
                target[length++] = '/';
                segment.CopyTo(target[length..]);
                length += segment.Length;
            }
        }

        return length;
    }

    private static int Byte(ReadOnlySpan<char> hex) => char.IsAsciiHexDigit(hex[0]) && char.IsAsciiHexDigit(hex[1]) ? (Digit(hex[0]) * 16) + Digit(hex[1]) : -1;

    private static int Digit(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
