using Mesh.Client.Services;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Chaos.Fleet;

/// <summary>The library in this process, as an application has it: a configuration file that is followed, Consul and Redis.</summary>
internal sealed class MeshSide : IAsyncDisposable
{
    private readonly ConfigurationRoot _configuration;
    private readonly ServiceProvider _services;

    /// <summary>Starts it.</summary>
    /// <param name="file">The configuration file.</param>
    public MeshSide(string file)
    {
        _configuration = (ConfigurationRoot)new ConfigurationBuilder().AddJsonFile(source =>
        {
            source.Path = Path.GetFileName(file);
            source.FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(Path.GetDirectoryName(file)!);
            source.ReloadOnChange = true;
            source.OnLoadException = static context => context.Ignore = true;
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMesh(_configuration.GetSection("Mesh"), static mesh => mesh.AddConsul().AddRedisQuota());
        services.AddHttpClient("chaos", static client => client.Timeout = Timeout.InfiniteTimeSpan);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("chaos");
        Status = _services.GetRequiredService<IMeshStatus>();
    }

    public HttpClient Client { get; }

    public IMeshStatus Status { get; }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _services.DisposeAsync();
        _configuration.Dispose();
    }
}
