using Mesh.Client.Model;

namespace Mesh.Client.Limits.Keys;

/// <summary>Reads a key out of a request.</summary>
internal static class KeyReader
{
    /// <summary>The key's hash; nothing is allocated unless a part must be put together of several values.</summary>
    public static KeyHash Read<TSource>(LimitKey key, scoped in TSource source, KeySeed seed)
        where TSource : IKeySource, allows ref struct
    {
        var hasher = new KeyHasher(seed);
        foreach (LimitKeyPart part in key.Parts)
        {
            source.Add(part, ref hasher);
        }

        return hasher.Finish();
    }
}
