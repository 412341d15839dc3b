namespace Mesh.Client.Limits.Keys;

/// <summary>A slot for each key that a table holds, in a row that grows as it is needed. A state whose slot another one wants must be over first.</summary>
internal sealed class KeySlots
{
    private const int ChunkSize = 256;

    private readonly Lock _growth = new();
    private KeyedState?[][] _chunks = [];
    private int _count;
    private uint _hand;

    /// <summary>How many slots there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds an empty slot, unless there are <paramref name="max"/>.</summary>
    public bool TryAdd(int max, out int slot)
    {
        slot = Volatile.Read(ref _count);
        while (slot < max)
        {
            int before = Interlocked.CompareExchange(ref _count, slot + 1, slot);
            if (before == slot)
            {
                EnsureChunk(slot / ChunkSize);
                return true;
            }

            slot = before;
        }

        return false;
    }

    /// <summary>The next slot in turn, and what is in it.</summary>
    public int Turn(out KeyedState? state)
    {
        int slot = (int)(Interlocked.Increment(ref _hand) % (uint)Count);
        KeyedState?[][] chunks = Volatile.Read(ref _chunks);
        int chunk = slot / ChunkSize;
        state = chunk < chunks.Length ? Volatile.Read(ref chunks[chunk][slot % ChunkSize]) : null;
        return slot;
    }

    /// <summary>Puts a state into its slot, if what is in there is still <paramref name="before"/>.</summary>
    public void Replace(KeyedState state, KeyedState? before) =>
        Interlocked.CompareExchange(ref Volatile.Read(ref _chunks)[state.Slot / ChunkSize][state.Slot % ChunkSize], state, before);

    private void EnsureChunk(int chunk)
    {
        if (chunk < Volatile.Read(ref _chunks).Length)
        {
            return;
        }

        lock (_growth)
        {
            while (_chunks.Length <= chunk)
            {
                Volatile.Write(ref _chunks, [.. _chunks, new KeyedState?[ChunkSize]]);
            }
        }
    }
}
