using System.Buffers;
using System.Text;

namespace Mesh.Client.Grpc;

/// <summary>Percent-encodes <c>grpc-message</c>: UTF-8, of which printable ASCII except <c>%</c> stays as it is (grpc/grpc, doc/PROTOCOL-HTTP2.md).</summary>
internal static class GrpcMessageText
{
    private const int MaxCharacters = 1024;

    private static readonly SearchValues<char> s_plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c).Where(static c => c != '%')]);

    /// <summary>Encodes a message. One over 1 024 characters is cut, because headers have limits.</summary>
    public static string Encode(string message)
    {
        ReadOnlySpan<char> text = message.AsSpan(0, Math.Min(message.Length, MaxCharacters));
        if (text.Length < message.Length && char.IsHighSurrogate(text[^1]))
        {
            text = text[..^1];
        }

        if (!text.ContainsAnyExcept(s_plain))
        {
            return text.ToString();
        }

        Span<byte> bytes = stackalloc byte[4];
        var encoded = new StringBuilder(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && s_plain.Contains((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (byte part in bytes[..rune.EncodeToUtf8(bytes)])
            {
                encoded.Append('%').Append(Convert.ToHexString([part]));
            }
        }

        return encoded.ToString();
    }
}
