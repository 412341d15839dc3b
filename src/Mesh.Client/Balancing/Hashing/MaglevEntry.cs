namespace Mesh.Client.Balancing.Hashing;

/// <summary>One endpoint while a Maglev table is filled: where it looks for its next place.</summary>
internal struct MaglevEntry
{
    private readonly int _owner;
    private readonly int _skip;
    private int _place;

    /// <summary>Starts the endpoint's permutation.</summary>
    /// <param name="owner">Its index.</param>
    /// <param name="address">Its <c>host:port</c>.</param>
    /// <param name="size">The number of places.</param>
    public MaglevEntry(int owner, string address, int size)
    {
        _owner = owner;
        _place = (int)(XxHash64.Hash(address) % (ulong)size);
        _skip = (int)(XxHash64.Hash(address, 1) % (ulong)(size - 1)) + 1;
    }

    /// <summary>Takes the first free place of the permutation; there is one.</summary>
    public void Take(int[] owners)
    {
        while (owners[_place] >= 0)
        {
            Step(owners.Length);
        }

        owners[_place] = _owner;
        Step(owners.Length);
    }

    private void Step(int size)
    {
        int next = _place + _skip;
        _place = next < size ? next : next - size;
    }
}
