using Mesh.Client;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Options;
using Mesh.Client.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Quotas of the mesh in Redis.</summary>
public static class RedisMeshBuilderExtensions
{
    /// <summary>Keeps the quotas that the fleet shares in Redis, as the section <c>Redis</c> under <c>Mesh</c> says. Calling it again adds code for the same store.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="configure">The options, applied after the configuration.</param>
    public static IMeshBuilder AddRedisQuota(this IMeshBuilder builder, Action<RedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RedisSection section = Section(builder);
        if (configure is not null)
        {
            section.Configure.Add(configure);
        }

        return builder;
    }

    /// <summary>Keeps the quotas that the fleet shares in the Redis of that configuration, whatever the section <c>Redis</c> says of it.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="configuration">Servers and settings as StackExchange.Redis writes them.</param>
    public static IMeshBuilder AddRedisQuota(this IMeshBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return builder.AddRedisQuota(options => options.Configuration = configuration);
    }

    /// <summary>Keeps the quotas that the fleet shares in Redis, over the application's own multiplexer, which the mesh never closes.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="multiplexer">Gives it. Called in the background, once, and again a second after it threw.</param>
    public static IMeshBuilder AddRedisQuota(this IMeshBuilder builder, Func<IServiceProvider, IConnectionMultiplexer> multiplexer)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(multiplexer);
        Section(builder).Multiplexer = multiplexer;
        return builder;
    }

    private static RedisSection Section(IMeshBuilder builder)
    {
        MeshSetup setup = MeshBuilder.FindSetup(builder.Services);
        if (setup.Options.Sections.OfType<RedisSection>().SingleOrDefault() is { } found)
        {
            return found;
        }

        var section = new RedisSection();
        setup.Options.Sections.Add(section);
        builder.Services.AddSingleton<IQuotaStore>(services => Create(services, section));
        return section;
    }

    // The configuration may be made after the store: it is read with the first command.
    private static RedisQuotaStore Create(IServiceProvider services, RedisSection section) => new RedisQuotaStore(
        section.Multiplexer is { } theirs ? () => theirs(services) : null,
        () => (RedisPolicy)services.GetRequiredService<MeshConfiguration>().Current.Added[RedisSection.SectionName],
        MeshFactory.Clock(services),
        MeshFactory.Logger(services, "Mesh.Client.Redis")).Connect();
}
