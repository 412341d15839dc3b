namespace Mesh.Client.Consul.Discovery.Catalog;

/// <summary>A sum over ids and their modify indexes that does not depend on their order: two of one set are equal, two of different sets almost never.</summary>
internal readonly record struct Fingerprint(ulong Sum)
{
    public Fingerprint With(string? id, ulong modifyIndex) => new(Sum + ((ulong)(uint)HashCode.Combine(id, modifyIndex) << 1) + 1);

    /// <summary>Adds to the fingerprint of a key.</summary>
    public static void Add(Dictionary<string, Fingerprint> all, string key, string? id, ulong modifyIndex) =>
        all[key] = all.GetValueOrDefault(key).With(id, modifyIndex);
}
