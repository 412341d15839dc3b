namespace Mesh.Agent.Commands;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>Something went wrong while it ran.</summary>
    public const int Failure = 1;

    /// <summary>It was called wrongly, or its configuration is not valid.</summary>
    public const int Usage = 2;

    /// <summary>The request that was to be explained would reach nobody now.</summary>
    public const int NoWay = 3;
}
