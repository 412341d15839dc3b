using System.Collections.Immutable;
using System.Globalization;
using Mesh.Client.Model;

namespace Mesh.Client.Services;

/// <summary>What tells one service's live state from another's.</summary>
/// <param name="Host">The logical name as the URI has it, in lower case.</param>
/// <param name="Port">The port that the URI names; 0 where it names none.</param>
/// <param name="Transport">The caller's own transport, where the caller replaced it: what was learned about one says nothing of another.</param>
internal readonly record struct ServiceKey(string Host, int Port, HttpMessageHandler? Transport)
{
    /// <summary>The host, and the port where the URI names one.</summary>
    public string Authority => Port == 0 ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Gives the port of the URI to endpoints that have none of their own.</summary>
    public ImmutableArray<MeshEndpoint> WithPort(ImmutableArray<MeshEndpoint> endpoints)
    {
        int port = Port;
        return port != 0 && endpoints.Any(static e => e.Port == 0) ? [.. endpoints.Select(e => e.Port == 0 ? e with { Port = port } : e)] : endpoints;
    }

    public bool Equals(ServiceKey other) =>
        Port == other.Port && ReferenceEquals(Transport, other.Transport) && string.Equals(Host, other.Host, StringComparison.Ordinal);

    public override int GetHashCode() => Host.GetHashCode(StringComparison.Ordinal) ^ Port;
}
