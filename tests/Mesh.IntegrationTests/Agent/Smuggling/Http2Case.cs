namespace Mesh.IntegrationTests.Agent.Smuggling;

/// <summary>A request of HTTP/2 that would be another one where it is written down as HTTP/1.1.</summary>
/// <param name="Name">What is odd in it.</param>
/// <param name="Headers">Its headers. <c>{i}</c> stands for a path of the case's own and <c>{h}</c> for the service.</param>
/// <param name="Body">Its body; <see langword="null"/> ends the stream with the headers.</param>
/// <param name="Seen">The request that it is; <see langword="null"/> where it is to be refused.</param>
internal sealed record Http2Case(string Name, (string Name, string Value)[] Headers, string? Body, RequestSeen? Seen)
{
    /// <summary>What comes after the body.</summary>
    public (string Name, string Value)[] Trailers { get; init; } = [];

    public override string ToString() => Name;
}
