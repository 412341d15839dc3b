namespace Mesh.Agent.Admin;

/// <summary>A list.</summary>
/// <param name="Items">What is in it.</param>
internal sealed record ItemsAnswer<T>(T[] Items);
