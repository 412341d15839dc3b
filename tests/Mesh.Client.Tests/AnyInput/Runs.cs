namespace Mesh.Client.Tests.AnyInput;

/// <summary>How many runs a randomised test makes: twenty times as many in the long form of <c>tests/long.sh</c>.</summary>
internal static class Runs
{
    private const int LongFactor = 20;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    public static int Of(int usual) => IsLong ? usual * LongFactor : usual;
}
