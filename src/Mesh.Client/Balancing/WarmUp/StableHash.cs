using Mesh.Client.Model;

namespace Mesh.Client.Balancing.WarmUp;

/// <summary>
/// A hash of an address that is the same in every process and every run, so that all of them agree about an endpoint. FNV-1a (G. Fowler, L. C. Noll,
/// K.-P. Vo), finished by the mixer of MurmurHash3 (A. Appleby), whose every output bit depends on every input bit.
/// </summary>
internal static class StableHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Of <c>host:port</c>.</summary>
    public static ulong Of(MeshEndpoint endpoint) => Mix(Text(endpoint.Host) ^ (ulong)endpoint.Port);

    public static ulong Of(string text) => Mix(Text(text));

    /// <summary>Spreads what may lie close together over all 64 bits.</summary>
    public static ulong Mix(ulong bits)
    {
        bits ^= bits >> 33;
        bits *= 0xFF51AFD7ED558CCD;
        bits ^= bits >> 33;
        bits *= 0xC4CEB9FE1A85EC53;
        return bits ^ (bits >> 33);
    }

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public static double ToUnit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    private static ulong Text(string text)
    {
        ulong hash = Offset;
        foreach (char c in text)
        {
            hash = (hash ^ c) * Prime;
        }

        return hash;
    }
}
