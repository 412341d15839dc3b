namespace Mesh.Client.Limits.Keys;

/// <summary>What a limit's key came out as in one request: 128 bits that stand for the values, which are not kept.</summary>
internal readonly record struct KeyHash(ulong High, ulong Low)
{
    // The bits are well mixed already, by a seed that nobody outside knows.
    public override int GetHashCode() => unchecked((int)Low);
}
