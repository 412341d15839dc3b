using Mesh.Agent.Tests.Support;
using Mesh.Client.AspNetCore.Tests.Lifecycle;
using Mesh.Client.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Agent.Tests.Admin.Registrations;

/// <summary>An agent with a registry, at whose admin listener programs register.</summary>
internal static class RegistryAgent
{
    public static Task<TestAgent> StartAsync(FakeRegistrar registry, params (string Key, string Value)[] keys) => TestAgent.StartAsync(
        [],
        [("Agent:DrainDelay", "00:00:00"), ("Mesh:Local:Zone", "eu-1"), .. keys],
        mesh => mesh.Services.AddSingleton<IServiceRegistrar>(registry));
}
