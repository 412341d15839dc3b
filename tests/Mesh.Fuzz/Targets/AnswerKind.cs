namespace Mesh.Fuzz.Targets;

/// <summary>Makes the kind of an answer out of what was said.</summary>
internal static class AnswerKind
{
    /// <summary>The words of a message without its numbers and what it quotes.</summary>
    public static int Of(string? message)
    {
        if (message is null)
        {
            return 0;
        }

        uint hash = 2166136261;
        bool isQuoted = false;
        int letters = 0;
        foreach (char c in message)
        {
            isQuoted ^= c is '"';
            if (!isQuoted && char.IsAsciiLetter(c) && letters++ < 60)
            {
                hash = (hash ^ c) * 16777619;
            }
        }

        return (int)hash;
    }

    /// <summary>A number in few sizes: 0, 1, 2 to 3, 4 to 7 and so on.</summary>
    public static int Size(int number) => number <= 0 ? 0 : int.Log2(number) + 1;
}
