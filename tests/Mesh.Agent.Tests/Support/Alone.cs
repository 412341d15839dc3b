namespace Mesh.Agent.Tests.Support;

/// <summary>For tests that measure the whole process: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
