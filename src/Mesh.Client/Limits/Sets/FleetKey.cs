using System.Buffers;
using System.Security.Cryptography;
using Mesh.Client.Limits.Keys;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Sets;

/// <summary>
/// What a key is called in the store of the fleet: the same in every process, unlike the hash by which a process finds it, and made once for each key that it holds. Cryptographic, because who
/// chooses a value must not be able to meet another one's count; and no value leaves the process.
/// </summary>
internal static class FleetKey
{
    private const int Bytes = 16;

    public static string Of<TSource>(LimitKey key, scoped in TSource source)
        where TSource : IKeySource, allows ref struct
    {
        var values = new ArrayBufferWriter<byte>();
        var hasher = new KeyHasher(default, values);
        foreach (LimitKeyPart part in key.Parts)
        {
            source.Add(part, ref hasher);
        }

        return Convert.ToHexStringLower(SHA256.HashData(values.WrittenSpan).AsSpan(0, Bytes));
    }
}
