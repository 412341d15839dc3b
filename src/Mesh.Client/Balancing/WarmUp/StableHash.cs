using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;

namespace Mesh.Client.Balancing.WarmUp;

/// <summary>Numbers about an endpoint that are the same in every process and every run, so that all of them agree about it.</summary>
internal static class StableHash
{
    /// <summary>The hash of an endpoint's address.</summary>
    public static ulong Of(MeshEndpoint endpoint) => XxHash64.Hash(endpoint.Host, (ulong)endpoint.Port);

    /// <summary>Makes one hash of what two were combined in: the mixer of MurmurHash3 (A. Appleby), whose every output bit depends on every input bit.</summary>
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
}
