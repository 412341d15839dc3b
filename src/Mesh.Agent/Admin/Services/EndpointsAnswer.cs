using Mesh.Client.AspNetCore.Admin.Answers;
using Mesh.Client.Services;

namespace Mesh.Agent.Admin.Services;

/// <summary>The endpoints of a service.</summary>
internal sealed record EndpointsAnswer
{
    public required string Service { get; init; }

    /// <summary>Whether a source, or the cache, has said which endpoints there are.</summary>
    public bool Resolved { get; init; }

    /// <summary>The source; empty until one spoke.</summary>
    public required string Source { get; init; }

    public required EndpointItem[] Endpoints { get; init; }

    public static EndpointsAnswer Of(ServiceStatus service) => new()
    {
        Service = service.Name,
        Resolved = service.IsResolved,
        Source = service.Source.Name,
        Endpoints =
        [
            .. service.Endpoints.Select(static e => new EndpointItem
            {
                Address = e.Address,
                Scheme = e.Scheme,
                Weight = e.Weight,
                Region = e.Locality.Region,
                Zone = e.Locality.Zone,
                Labels = e.Labels,
                Usable = e.IsUsable,
                Condition = ServiceAnswers.Condition(e),
            }),
        ],
    };
}
