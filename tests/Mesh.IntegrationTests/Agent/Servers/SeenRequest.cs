namespace Mesh.IntegrationTests.Agent.Servers;

/// <summary>A request as nginx read it.</summary>
/// <param name="Line">The request line; where it could not be read, what stood there.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path and the query, as they came.</param>
/// <param name="Host">The header <c>Host</c>.</param>
/// <param name="Body">The body.</param>
/// <param name="Status">What nginx answered; 400 and 499 where the request did not come to its end.</param>
internal sealed record SeenRequest(string Line, string Method, string Path, string Host, string Body, string Status);
