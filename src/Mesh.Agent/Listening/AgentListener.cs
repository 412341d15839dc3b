using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Listening;

/// <summary>What happens to the requests of a listener. Each connection carries it among its features.</summary>
/// <param name="Handle">Answers a request.</param>
internal sealed record AgentListener(RequestDelegate Handle);
