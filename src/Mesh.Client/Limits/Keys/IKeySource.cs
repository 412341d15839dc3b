using Mesh.Client.Model;

namespace Mesh.Client.Limits.Keys;

/// <summary>A request as a limit's key sees it: each side of a call has its own.</summary>
internal interface IKeySource
{
    /// <summary>Adds the value of a part, whole however long it is, or that there is none.</summary>
    void Add(LimitKeyPart part, ref KeyHasher hasher);
}
