using System.Collections.Concurrent;
using Mesh.Client.Options;
using Mesh.Client.Pipeline;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mesh.Client.Http;

/// <summary>Puts <see cref="MeshHandler"/> in the place of each client's primary handler, below every other handler.</summary>
internal sealed class MeshHandlerFilter : IHttpMessageHandlerBuilderFilter
{
    // What the runtime's own packages put above a client to do what the mesh does.
    private static readonly string[] Governors = ["Microsoft.Extensions.Http.Resilience.", "Microsoft.Extensions.ServiceDiscovery.", "Microsoft.Extensions.Http.PolicyHttpMessageHandler", "Steeltoe.Discovery."];

    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);
    private readonly IServiceProvider _services;
    private readonly IOptionsMonitor<MeshClientOptions> _clients;
    private readonly ILogger<MeshHandlerFilter> _logger;

    /// <summary>Makes the filter.</summary>
    /// <param name="services">The application's services. The engine is fetched from them for a client of the mesh only: its sources may need clients outside of it.</param>
    /// <param name="clients">What clients set for themselves.</param>
    /// <param name="logger">Takes the warnings.</param>
    public MeshHandlerFilter(IServiceProvider services, IOptionsMonitor<MeshClientOptions> clients, ILogger<MeshHandlerFilter> logger)
    {
        _services = services;
        _clients = clients;
        _logger = logger;
    }

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        MeshClientOptions options = _clients.Get(builder.Name);
        if ((options.Attach ?? _services.GetRequiredService<MeshConfiguration>().Current.AttachToAllClients) && builder.PrimaryHandler is not MeshHandler)
        {
            builder.PrimaryHandler = Wrap(builder, options);
        }
    };

    private MeshHandler Wrap(HttpMessageHandlerBuilder builder, MeshClientOptions options)
    {
        HttpMessageHandler primary = builder.PrimaryHandler;
        if (_warned.TryAdd(builder.Name ?? "", true))
        {
            Warn(builder.Name ?? "", primary, builder.AdditionalHandlers);
        }

        PrimaryHandlers.RenewConnections(primary);
        var caller = new CallerContext
        {
            Timeout = options.Timeout,
            AttemptTimeout = options.AttemptTimeout,
            MaxAttempts = options.MaxAttempts,
            FollowRedirects = PrimaryHandlers.FollowsRedirects(primary),
        };
        return new MeshHandler(
            _services.GetRequiredService<MeshServices>(), _services.GetRequiredService<MeshPipeline>(), primary, PrimaryHandlers.IsReplaced(primary), caller);
    }

    // Once for each client, however often its handlers are made.
    private void Warn(string client, HttpMessageHandler primary, IEnumerable<DelegatingHandler> above)
    {
        if (PrimaryHandlers.Unused(primary) is { Count: > 0 } unused)
        {
            EngineLog.PrimarySettingsNotUsed(_logger, client, string.Join(", ", unused));
        }

        string? governor = above.Select(static h => h.GetType().FullName ?? "").FirstOrDefault(static n => Governors.Any(g => n.StartsWith(g, StringComparison.Ordinal)));
        if (governor is not null)
        {
            EngineLog.SecondGovernor(_logger, client, governor);
        }
    }
}
