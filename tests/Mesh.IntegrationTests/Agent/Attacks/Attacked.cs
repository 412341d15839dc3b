namespace Mesh.IntegrationTests.Agent.Attacks;

/// <summary>The tests of this folder run after all others and one after another: they load the machine and look at times and memory.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Attacked;
