using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Telemetry;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Consul.Registration;

/// <summary>What all instances of a registrar share.</summary>
internal sealed class RegistrarTools(ConsulClient client, TimeProvider clock, Random random, ILogger logger)
{
    public ConsulAgent Agent { get; } = new(client);

    public TimeProvider Clock => clock;

    public Random Random => random;

    public ILogger Logger => logger;

    /// <summary>Bounds what is logged.</summary>
    public LogBudget Log { get; } = new(clock);

    public Ownership Ownership => new(Agent, clock, logger);
}
