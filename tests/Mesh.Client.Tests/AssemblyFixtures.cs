using Mesh.Client.Tests;

[assembly: AssemblyFixture(typeof(NoTraces))]
