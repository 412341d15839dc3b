using System.Runtime.InteropServices;

namespace Mesh.Client.Limits.Keys;

/// <summary>The secret that keys are hashed by: another one in each process, so that nobody outside can choose values that meet in one bucket.</summary>
internal readonly record struct KeySeed(ulong One, ulong Two)
{
    public static KeySeed Draw(Random random)
    {
        Span<ulong> words = stackalloc ulong[2];
        random.NextBytes(MemoryMarshal.AsBytes(words));
        return new KeySeed(words[0], words[1]);
    }
}
