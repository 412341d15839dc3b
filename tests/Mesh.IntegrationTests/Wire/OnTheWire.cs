namespace Mesh.IntegrationTests.Wire;

/// <summary>The tests of this folder run after all others and one after another: they load the machine, and one of them looks at memory.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class OnTheWire;
