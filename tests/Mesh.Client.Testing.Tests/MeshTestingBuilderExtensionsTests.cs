using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Testing.Tests;

public sealed class MeshTestingBuilderExtensionsTests
{
    [Fact]
    public void Extensions_NullArgument_IsRefused()
    {
        IMeshBuilder mesh = Moq.Mock.Of<IMeshBuilder>();

        Assert.Throws<ArgumentNullException>(() => mesh.AddInMemoryRegistry(null!));
        Assert.Throws<ArgumentNullException>(() => mesh.UseScriptedTransport(null!));
        Assert.Throws<ArgumentNullException>(() => MeshTestingBuilderExtensions.AddInMemoryRegistry(null!, new InMemoryRegistry()));
        Assert.Throws<ArgumentNullException>(() => MeshTestingBuilderExtensions.UseScriptedTransport(null!, new ScriptedTransport()));
    }
}
