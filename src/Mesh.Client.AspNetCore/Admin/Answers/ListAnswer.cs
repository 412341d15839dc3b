namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A list, as an object that may get more to say.</summary>
/// <param name="Items">What is in it.</param>
internal sealed record ListAnswer<T>(T[] Items);
