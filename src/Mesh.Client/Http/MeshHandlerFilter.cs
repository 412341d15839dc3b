using Mesh.Client.Options;
using Mesh.Client.Pipeline;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mesh.Client.Http;

/// <summary>Puts <see cref="MeshHandler"/> in the place of each client's primary handler, below every other handler.</summary>
internal sealed class MeshHandlerFilter : IHttpMessageHandlerBuilderFilter
{
    // What the runtime's own packages put above a client to do what the mesh does.
    private static readonly string[] Governors = ["Microsoft.Extensions.Http.Resilience.", "Microsoft.Extensions.ServiceDiscovery.", "Microsoft.Extensions.Http.PolicyHttpMessageHandler", "Steeltoe.Discovery."];

    private readonly MeshServices _services;
    private readonly MeshPipeline _pipeline;
    private readonly MeshConfiguration _configuration;
    private readonly IOptionsMonitor<MeshClientOptions> _clients;
    private readonly ILogger<MeshHandlerFilter> _logger;

    public MeshHandlerFilter(MeshServices services, MeshPipeline pipeline, MeshConfiguration configuration, IOptionsMonitor<MeshClientOptions> clients, ILogger<MeshHandlerFilter> logger)
    {
        _services = services;
        _pipeline = pipeline;
        _configuration = configuration;
        _clients = clients;
        _logger = logger;
    }

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        MeshClientOptions options = _clients.Get(builder.Name);
        if ((options.Attach ?? _configuration.Current.AttachToAllClients) && builder.PrimaryHandler is not MeshHandler)
        {
            builder.PrimaryHandler = Wrap(builder, options);
        }
    };

    private MeshHandler Wrap(HttpMessageHandlerBuilder builder, MeshClientOptions options)
    {
        HttpMessageHandler primary = builder.PrimaryHandler;
        string client = builder.Name ?? "";
        if (PrimaryHandlers.Unused(primary) is { Count: > 0 } unused)
        {
            EngineLog.PrimarySettingsNotUsed(_logger, client, string.Join(", ", unused));
        }

        string? governor = builder.AdditionalHandlers.Select(static h => h.GetType().FullName ?? "").FirstOrDefault(static n => Governors.Any(g => n.StartsWith(g, StringComparison.Ordinal)));
        if (governor is not null)
        {
            EngineLog.SecondGovernor(_logger, client, governor);
        }

        // The handler lives for good now, but hosts outside of the mesh must go on noticing changes of their DNS records.
        if (primary is SocketsHttpHandler sockets && sockets.PooledConnectionLifetime == Timeout.InfiniteTimeSpan)
        {
            TryLimitLifetime(sockets);
        }

        var caller = new CallerContext
        {
            Timeout = options.Timeout,
            AttemptTimeout = options.AttemptTimeout,
            MaxAttempts = options.MaxAttempts,
            FollowRedirects = PrimaryHandlers.FollowsRedirects(primary),
        };
        return new MeshHandler(_services, _pipeline, primary, PrimaryHandlers.IsReplaced(primary), caller);
    }

    private static void TryLimitLifetime(SocketsHttpHandler sockets)
    {
        try
        {
            sockets.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        }
        catch (InvalidOperationException)
        {
            // A handler that several clients share, and that is in use already, stays as its owner made it.
        }
    }
}
