using System.Buffers;
using System.Text;

namespace Mesh.Fuzz.Targets;

/// <summary>An input as text. Bytes that are no UTF-8 become lone surrogates, which no decoder of UTF-8 gives and much else does.</summary>
internal static class InputText
{
    public static string Of(ReadOnlySpan<byte> input)
    {
        var text = new StringBuilder(input.Length);
        Span<char> pair = stackalloc char[2];
        while (!input.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(input, out Rune rune, out int used) == OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
            }
            else
            {
                text.Append((char)(0xdc00 + input[0]));
                used = 1;
            }

            input = input[used..];
        }

        return text.ToString();
    }

    /// <summary>The first lines of an input, as many as are asked for, those that are not there empty. The last one has the rest.</summary>
    public static string[] Lines(ReadOnlySpan<byte> input, int count)
    {
        string[] lines = Of(input).Split('\n', count);
        return [.. lines, .. Enumerable.Repeat("", count - lines.Length)];
    }
}
