using Mesh.Client.Options;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Mesh.Client.Tests.Options;

public sealed class StartupValidationTests
{
    [Fact]
    public void Validate_BadConfiguration_FailsTheStartWithAllErrors()
    {
        using ServiceProvider services = Build(ConfigurationFixture.Source(("Services:orders:Timeout", "30"), ("Nonsense", "1")));

        MeshOptionsException exception = Assert.Throws<MeshOptionsException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Equal(2, exception.Failures.Count());
        Assert.Contains("Mesh:Services:orders:Timeout", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_GoodConfiguration_MakesTheConfigurationOnce()
    {
        using ServiceProvider services = Build(ConfigurationFixture.Source(("Services:orders:Timeout", "00:00:30")));

        services.GetRequiredService<IStartupValidator>().Validate();
        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(TimeSpan.FromSeconds(30), services.GetRequiredService<MeshConfiguration>().Current.For("orders").Timeout);
    }

    [Fact]
    public void AddStartupValidation_Twice_RegistersOnce()
    {
        var services = new ServiceCollection();
        StartupValidation.AddStartupValidation(services);
        int count = services.Count;

        StartupValidation.AddStartupValidation(services);

        Assert.Equal(count, services.Count);
    }

    private static ServiceProvider Build(MutableSource source)
    {
        var fixture = new ConfigurationFixture(source);
        var services = new ServiceCollection();
        services.AddSingleton(_ => new MeshConfiguration(fixture.Setup, fixture.Root, ["Configuration"], new ManualTimeProvider(), NullLogger<MeshConfiguration>.Instance));
        StartupValidation.AddStartupValidation(services);
        return services.BuildServiceProvider();
    }
}
