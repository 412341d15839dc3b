using Mesh.Client.Model;

namespace Mesh.Client.Routing;

/// <summary>A request of which a part may decide what becomes of it.</summary>
internal interface IKeyedFacts : IRequestFacts
{
    /// <summary>A part of the request, as it stands there.</summary>
    bool TryGetKey(RequestPart part, out ReadOnlySpan<char> key);
}
