namespace Mesh.IntegrationTests.Agent.Smuggling;

/// <summary>Bytes that two readers might read differently.</summary>
/// <param name="Name">What is odd in it.</param>
/// <param name="Bytes">
/// What is sent before an ordinary request on the same connection, a character a byte. <c>{i}</c> stands for a path of the case's own and <c>{h}</c> for the service.
/// </param>
/// <param name="Seen">The requests that it is; none where it is to be refused.</param>
internal sealed record SmugglingCase(string Name, string Bytes, params RequestSeen[] Seen)
{
    /// <summary>What refuses it says this; 0 closes the connection without a word.</summary>
    public int Refusal { get; init; } = 400;

    /// <summary>Whether the connection ends after it, so that what follows is not read or is refused.</summary>
    public bool Ends { get; init; }

    /// <summary>A request with a body: what <paramref name="framing"/> says about its length, and the body.</summary>
    public static SmugglingCase Post(string name, string framing, string body, params RequestSeen[] seen) => new(name, $"POST {{i}}/a HTTP/1.1\r\nHost: {{h}}\r\n{framing}\r\n{body}", seen);

    /// <summary>A request with more headers.</summary>
    public static SmugglingCase Get(string name, string headers, params RequestSeen[] seen) => new(name, $"GET {{i}}/a HTTP/1.1\r\nHost: {{h}}\r\n{headers}\r\n", seen);

    public override string ToString() => Name;
}
