namespace Mesh.IntegrationTests.Agent.Smuggling;

/// <summary>A request as both the agent and the server behind it have to read it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">What follows the case's own path.</param>
/// <param name="Body">The body.</param>
internal sealed record RequestSeen(string Method, string Path, string Body = "");
