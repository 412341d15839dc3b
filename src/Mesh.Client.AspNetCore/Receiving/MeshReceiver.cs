using Mesh.Client.AspNetCore.Access;
using Mesh.Client.AspNetCore.Limits;
using Mesh.Client.AspNetCore.Telemetry;
using Mesh.Client.Inbound;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Limits.Rooms;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Telemetry.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Receiving;

/// <summary>What all requests of one application share: the policy in force, the clock, and where it is told what became of them.</summary>
internal sealed class MeshReceiver
{
    private readonly MeshConfiguration _configuration;

    public MeshReceiver(IServiceProvider services)
    {
        _configuration = services.GetRequiredService<MeshConfiguration>();
        Inbound = services.GetRequiredService<InboundContext>();
        Clock = MeshFactory.Clock(services);
        Random = MeshFactory.RandomOf(services);
        Events = new ServerEvents(MeshFactory.Logger(services, "Mesh.Client.Server"), Clock, services.GetRequiredService<MeshMetrics>());
        Access = new AccessCheck(Events);
        Rooms = new RoomTable<RequestRoom>((policy, before) => new RequestRoom(policy, before, Clock, Random));
        services.GetRequiredService<FleetQuotas>().Connect();
        Limits = new RequestLimits(
            Random, Clock, () => Policy.Local.Service, () => services.GetRequiredService<FleetQuotas>().Keeper, services.GetRequiredService<MeshMetrics>());
        services.GetRequiredService<ServerReport>().Read = now => (Limits.For(Policy.Server, now), Rooms.For(Policy.Server.Concurrency)?.Room);
    }

    public MeshPolicy Policy => _configuration.Current;

    public InboundContext Inbound { get; }

    public TimeProvider Clock { get; }

    public Random Random { get; }

    public ServerEvents Events { get; }

    public AccessCheck Access { get; }

    public RequestLimits Limits { get; }

    public RoomTable<RequestRoom> Rooms { get; }
}
