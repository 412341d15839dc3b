using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Testing;
using Microsoft.Extensions.Configuration;

namespace Mesh.Client.Tests.Options;

/// <summary>A <see cref="MeshConfiguration"/> over sources that a test changes, on a manual clock.</summary>
internal sealed class ConfigurationFixture : IDisposable
{
    private readonly List<MeshConfiguration> _started = [];

    public ConfigurationFixture(params MutableSource[] sources)
    {
        var builder = new ConfigurationBuilder();
        foreach (MutableSource source in sources)
        {
            builder.Add(source);
        }

        Root = builder.Build();
        Setup.Section = Root.GetSection("Mesh");
    }

    public IConfigurationRoot Root { get; }

    public CodeOptions Setup { get; } = new();

    public ManualTimeProvider Clock { get; } = new();

    public RecordingLogger<MeshConfiguration> Logger { get; } = new();

    /// <summary>The policy of one source with these keys beneath <c>Mesh</c>.</summary>
    public static MeshPolicy Compile(params (string Key, string? Value)[] entries)
    {
        using var fixture = new ConfigurationFixture(Source(entries));
        return fixture.Start().Current;
    }

    /// <summary>What a start with these keys beneath <c>Mesh</c> fails with.</summary>
    public static string[] Errors(params (string Key, string? Value)[] entries)
    {
        using var fixture = new ConfigurationFixture(Source(entries));
        return fixture.Errors();
    }

    public static MutableSource Source(params (string Key, string? Value)[] entries) => new(InMesh(entries));

    public static (string Key, string? Value)[] InMesh(params (string Key, string? Value)[] entries) => [.. entries.Select(static e => ($"Mesh:{e.Key}", e.Value))];

    public MeshConfiguration Start() => Start(Root);

    public MeshConfiguration Start(IConfiguration? root)
    {
        var configuration = new MeshConfiguration(Setup, root, ["Configuration", "Dns"], Clock, Logger);
        _started.Add(configuration);
        return configuration;
    }

    public string[] Errors() => [.. Assert.Throws<MeshOptionsException>(Start).Failures];

    /// <summary>Lets the changes made so far be read.</summary>
    public void Settle() => Clock.Advance(MeshConfiguration.Debounce);

    public void Dispose() => _started.ForEach(static c => c.Dispose());
}
