namespace Mesh.Simulation.Figures;

/// <summary>One number for a run: two runs that went the same way have the same one. G. Fowler, L. C. Noll, K.-P. Vo, FNV-1a, by words.</summary>
internal sealed class Digest
{
    private ulong _state = 0xCBF29CE484222325;

    public ulong Value => _state;

    public void Add(long value) => _state = System.Numerics.BitOperations.RotateLeft((_state ^ (ulong)value) * 0x100000001B3, 23);
}
