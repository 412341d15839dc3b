using System.Net;

namespace Mesh.Client.Consul.Tests.Fakes;

/// <summary>An answer of the scripted Consul.</summary>
/// <param name="Body">The JSON.</param>
/// <param name="Index">Its index; <see langword="null"/> leaves the header out.</param>
internal sealed record Reply(string Body, ulong? Index = null)
{
    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    public bool KnownLeader { get; init; } = true;

    public bool Cached { get; init; }

    /// <summary>Instead of an answer.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether it never comes.</summary>
    public bool IsSilent { get; init; }

    public static Reply Silence { get; } = new("") { IsSilent = true };

    public static Reply Refused { get; } = new("") { Error = new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused") };
}
