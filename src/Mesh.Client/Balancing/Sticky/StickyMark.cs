using System.Globalization;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;

namespace Mesh.Client.Balancing.Sticky;

/// <summary>
/// What names an endpoint to those outside: XXH64 of its <see cref="MeshEndpoint.Id"/>, else of its address, as 16 hexadecimal digits. The same in every
/// process; it shows no address, but it is no secret either: who knows the addresses can work out their marks.
/// </summary>
internal static class StickyMark
{
    private const int Digits = 16;

    public static ulong Of(MeshEndpoint endpoint) => XxHash64.Hash(endpoint.Id ?? endpoint.Authority);

    public static string Format(ulong mark) => mark.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Reads what came from outside; anything but 16 hexadecimal digits is no mark.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong mark)
    {
        mark = 0;
        return text.Length == Digits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out mark);
    }
}
