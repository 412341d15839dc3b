using Mesh.IntegrationTests.Agent.Smuggling;

[assembly: AssemblyFixture(typeof(SmugglingRig))]
