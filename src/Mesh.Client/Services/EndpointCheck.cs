using System.Collections.Immutable;
using Mesh.Client.Model;

namespace Mesh.Client.Services;

/// <summary>Refuses what a source must not say, before anything of it is used.</summary>
internal static class EndpointCheck
{
    /// <summary>A set with more endpoints than this is a mistake of its source.</summary>
    public const int MaxEndpoints = 100_000;

    private const int MaxHost = 255;
    private const int MaxWeight = 65535;

    /// <summary>Checks a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="source">Its source, for the message.</param>
    /// <param name="known">The set before, which was good: what stands at the same place again is not looked at.</param>
    /// <exception cref="InvalidDataException">Something in it cannot be used; the message names it.</exception>
    public static void Validate(EndpointSet set, string source, ImmutableArray<MeshEndpoint> known)
    {
        ImmutableArray<MeshEndpoint> endpoints = set.Endpoints;
        if (endpoints.IsDefault || endpoints.Length > MaxEndpoints)
        {
            throw new InvalidDataException(
                $"{source} gave {(endpoints.IsDefault ? "no list" : $"{endpoints.Length} endpoints")}; a service has at most {MaxEndpoints}.");
        }

        for (int i = 0; i < endpoints.Length; i++)
        {
            MeshEndpoint endpoint = endpoints[i];
            if (i < known.Length && ReferenceEquals(endpoint, known[i]))
            {
                continue;
            }

            if ((endpoint is null ? "null" : Fault(endpoint)) is { } fault)
            {
                throw new InvalidDataException($"{source} gave an endpoint that cannot be used: {fault}.");
            }
        }
    }

    private static string? Fault(MeshEndpoint endpoint)
    {
        if (string.IsNullOrEmpty(endpoint.Host) || endpoint.Host.Length > MaxHost || Uri.CheckHostName(endpoint.Host) is UriHostNameType.Unknown)
        {
            string host = endpoint.Host ?? "";
            return $"host \"{(host.Length > MaxHost ? host[..MaxHost] : host)}\" is neither a host name nor an IP address without brackets";
        }

        return endpoint switch
        {
            { Port: < 0 or > 65535 } => $"{endpoint.Host} has port {endpoint.Port}, which is not from 0 to 65535",
            { Weight: < 1 or > MaxWeight } => $"{endpoint.Authority} has weight {endpoint.Weight}, which is not from 1 to {MaxWeight}",
            { Scheme: not (null or "http" or "https") } => $"{endpoint.Authority} has scheme \"{endpoint.Scheme}\", which is neither http nor https",
            _ => null,
        };
    }
}
