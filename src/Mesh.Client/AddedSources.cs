using Mesh.Client.Discovery;

namespace Mesh.Client;

/// <summary>The sources that were added in code, each made once.</summary>
internal sealed class AddedSources(IEnumerable<IEndpointSource> sources) : List<IEndpointSource>(sources);
