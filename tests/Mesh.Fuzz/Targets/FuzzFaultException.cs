namespace Mesh.Fuzz.Targets;

/// <summary>Two readers of one input disagree, or what was read does not hold.</summary>
internal sealed class FuzzFaultException(string message) : Exception(message)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds)
        {
            throw new FuzzFaultException(message);
        }
    }
}
