namespace Mesh.Client.Balancing.Hashing;

/// <summary>Which endpoint owns which hash: places in a row, each with its owner. Immutable.</summary>
internal abstract class KeyTable
{
    /// <summary>The index of the endpoint that owns each place.</summary>
    public abstract int[] Owners { get; }

    /// <summary>The place of a hash; where its owner cannot be picked, the places after it, wrapping round, say who comes next.</summary>
    public abstract int Find(ulong hash);
}
