using Mesh.Agent.Options;

namespace Mesh.Agent.Forwarding;

/// <summary>A program called a host that is no service of the mesh and is not passed through.</summary>
internal sealed class ForeignHostException(string host) : HttpRequestException(
    $"\"{host}\" is no service of the mesh. Name it under Mesh:Services or register it if it is one, call it without the agent (no_proxy), or list it under {AgentSection.SectionName}:{nameof(AgentOptions.PassThrough)}.");
