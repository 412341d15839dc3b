using System.Text;

namespace Mesh.Fuzz.Mutations;

/// <summary>Makes inputs out of others: a few changes of bytes, tokens, numbers and structure, one over the other.</summary>
internal sealed class Mutator(Random random, Grammar grammar)
{
    /// <summary>No input is longer.</summary>
    public const int MaxLength = 1024 * 1024;

    private static readonly string[] s_tokens =
    [
        "", " ", "\t", "\r\n", "\0", "\u0001", "\u007f", "\u0085", "\u2028", "\ufeff", "ö", "€", "😀", "\ud800", "\\ud800", "\\udeff", "\\u0000", "%00", "%2F", "%2f", "%252F", "%", "%zz", "%C0%AF", "%ED%A0%80", "+", ",", ";", ":", "=", "/", "//",
        "..", "\\", "\"", "'", "{", "}", "[", "]", "null", "true", "-1", "0", "1e400", "NaN", "Infinity", "-0", "00", "0x10", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "99999999999999999999999999", "1e-400", "0.1e1", "-9223372036854775808",
    ];

    private static readonly byte[][] s_bytes = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xef, 0xbb, 0xbf], [0xfe, 0xff], [0x80]];

    private readonly JsonMutator _json = new(random, grammar);

    /// <summary>The next input.</summary>
    /// <param name="pool">What to change; may be empty.</param>
    public byte[] Next(IReadOnlyList<byte[]> pool)
    {
        byte[] input = pool.Count == 0 || random.Next(50) == 0 ? Made() : pool[random.Next(pool.Count)];
        if (grammar.IsJson && random.Next(10) < 6 && _json.TryChange(input, pool.Count == 0 ? input : pool[random.Next(pool.Count)], out byte[] changed))
        {
            input = changed;
            if (random.Next(4) > 0)
            {
                return Cut(input);
            }
        }

        for (int changes = 1 + random.Next(random.Next(2) == 0 ? 2 : 8); changes > 0; changes--)
        {
            input = Change(input, pool);
        }

        return Cut(input);
    }

    private byte[] Cut(byte[] input) => input.Length > grammar.MaxLength ? input[..grammar.MaxLength] : input;

    private byte[] Change(byte[] input, IReadOnlyList<byte[]> pool)
    {
        int at = random.Next(input.Length + 1);
        int length = random.Next(Math.Min(input.Length - at, 32) + 1);
        switch (random.Next(12))
        {
            case 0 when input.Length > 0:
                byte[] flipped = [.. input];
                flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1 when input.Length > 0:
                byte[] other = [.. input];
                other[random.Next(other.Length)] = (byte)random.Next(256);
                return other;
            case 2:
                return [.. input[..at], .. input[(at + length)..]];
            case 3:
                return input[..at];
            case 4 or 5 or 6:
                return [.. input[..at], .. Token(), .. input[at..]];
            case 7:
                return [.. input[..at], .. Token(), .. input[(at + length)..]];
            case 8:
                return Repeat(input, at, length);
            case 9 when pool.Count > 0:
                byte[] second = pool[random.Next(pool.Count)];
                return [.. input[..at], .. second[random.Next(second.Length + 1)..]];
            case 10:
                return [.. input[..at], .. s_bytes[random.Next(s_bytes.Length)], .. input[at..]];
            default:
                return Number(input, at);
        }
    }

    private byte[] Repeat(byte[] input, int at, int length)
    {
        byte[] part = length == 0 ? Token() : input[at..(at + length)];
        int room = Math.Max(0, grammar.MaxLength - input.Length);
        int times = part.Length == 0 ? 0 : Math.Min(room / part.Length, random.Next(6) == 0 ? room : 1 + random.Next(64));
        byte[] repeated = new byte[input.Length + (times * part.Length)];
        input.AsSpan(0, at).CopyTo(repeated);
        for (int i = 0; i < times; i++)
        {
            part.CopyTo(repeated, at + (i * part.Length));
        }

        input.AsSpan(at).CopyTo(repeated.AsSpan(at + (times * part.Length)));
        return repeated;
    }

    // The digits that follow become another number.
    private byte[] Number(byte[] input, int at)
    {
        while (at < input.Length && !char.IsAsciiDigit((char)input[at]))
        {
            at++;
        }

        int end = at;
        while (end < input.Length && char.IsAsciiDigit((char)input[end]))
        {
            end++;
        }

        string number = random.Next(4) switch
        {
            0 => s_tokens[^(1 + random.Next(18))],
            1 => new string((char)('0' + random.Next(10)), 1 + random.Next(40)),
            2 => random.Next(256).ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => random.NextInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        return at == input.Length ? input : [.. input[..at], .. Encoding.ASCII.GetBytes(number), .. input[end..]];
    }

    private byte[] Made()
    {
        List<byte> made = [];
        for (int parts = random.Next(12); parts > 0; parts--)
        {
            made.AddRange(Token());
        }

        return [.. made];
    }

    private byte[] Token() => Encoding.UTF8.GetBytes(
        grammar.Tokens.Length > 0 && random.Next(3) > 0 ? grammar.Tokens[random.Next(grammar.Tokens.Length)] : s_tokens[random.Next(s_tokens.Length)]);
}
