using System.Collections.Immutable;
using Mesh.Client.Model;

namespace Mesh.Client.Discovery;

/// <summary>Refuses what a source must not say, before anything of it is used.</summary>
internal static class EndpointCheck
{
    /// <summary>A set with more endpoints than this is a mistake of its source.</summary>
    public const int MaxEndpoints = 100_000;

    /// <summary>A revision with more characters than this is a mistake of its source.</summary>
    public const int MaxRevision = 1024;

    private const int MaxHost = 255;
    private const int MaxWeight = 65535;

    /// <summary>What is wrong with an answer; <see langword="null"/> where it can be used.</summary>
    /// <param name="update">The answer.</param>
    /// <param name="known">The answer before, which was good: what stands at the same place again is not looked at.</param>
    public static string? Fault(EndpointUpdate? update, EndpointUpdate? known) => update switch
    {
        null => "it is null",
        SourceFailing { Error: null } => "it says that the source fails and not why",
        EndpointsFound { Set: null } => "its set of endpoints is null",
        EndpointsFound { Set.Revision.Length: > MaxRevision and var length } => $"its revision has {length} characters; one has at most {MaxRevision}",
        EndpointsFound found => Fault(found.Set.Endpoints, known is EndpointsFound before ? before.Set.Endpoints : []),
        _ => null,
    };

    private static string? Fault(ImmutableArray<MeshEndpoint> endpoints, ImmutableArray<MeshEndpoint> known)
    {
        if (endpoints.IsDefault || endpoints.Length > MaxEndpoints)
        {
            return $"it has {(endpoints.IsDefault ? "no list of endpoints" : $"{endpoints.Length} endpoints")}; a service has at most {MaxEndpoints}";
        }

        for (int i = 0; i < endpoints.Length; i++)
        {
            MeshEndpoint endpoint = endpoints[i];
            if (i < known.Length && ReferenceEquals(endpoint, known[i]))
            {
                continue;
            }

            if ((endpoint is null ? "an endpoint is null" : Fault(endpoint)) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? Fault(MeshEndpoint endpoint)
    {
        if (string.IsNullOrEmpty(endpoint.Host) || endpoint.Host.Length > MaxHost || endpoint.Host[0] == '['
            || Uri.CheckHostName(endpoint.Host) is UriHostNameType.Unknown)
        {
            string host = endpoint.Host ?? "";
            return $"host \"{(host.Length > MaxHost ? host[..MaxHost] : host)}\" is neither a host name nor an IP address without brackets";
        }

        return endpoint switch
        {
            { Port: < 0 or > 65535 } => $"{endpoint.Host} has port {endpoint.Port}, which is not from 0 to 65535",
            { Weight: < 0 or > MaxWeight } => $"{endpoint.Authority} has weight {endpoint.Weight}, which is not from 0 to {MaxWeight}",
            { Locality: null or { Region: null } or { Zone: null } } => $"{endpoint.Authority} has a locality of which a part is null; an unknown part is empty",
            { Scheme: not (null or "http" or "https") } => $"{endpoint.Authority} has scheme \"{endpoint.Scheme}\", which is neither http nor https",
            _ => null,
        };
    }
}
