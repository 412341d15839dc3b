using System.Buffers;
using System.Text;

namespace Mesh.Agent.Listening;

/// <summary>
/// Reads the bytes of <c>Content-Length</c> and takes digits only (RFC 9110, 8.6). Kestrel reads what this gives it as a number, with signs and blanks of many kinds, which whoever stands before or behind may read as
/// something else.
/// </summary>
internal sealed class LengthDigits : Encoding
{
    // 2^63 - 1 has 19 digits.
    private const int MaxDigits = 19;

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789"u8);

    private LengthDigits()
    {
    }

    public static LengthDigits Instance { get; } = new();

    /// <exception cref="InvalidOperationException">They are no length; Kestrel answers that with 400.</exception>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars) =>
        bytes.Length is > 0 and <= MaxDigits && !bytes.ContainsAnyExcept(s_digits) ? Latin1.GetChars(bytes, chars) : throw new InvalidOperationException("The length is no number.");

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => Latin1.GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => Latin1.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxByteCount(int charCount) => Latin1.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => Latin1.GetMaxCharCount(byteCount);
}
