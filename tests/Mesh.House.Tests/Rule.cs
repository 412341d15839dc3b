namespace Mesh.House.Tests;

/// <summary>Fails with every fault on a line of its own; the ordinary assertions cut long text short.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        if (all.Length > 0)
        {
            Assert.Fail(string.Join(Environment.NewLine, all.Prepend($"{all.Length} found:")));
        }
    }
}
