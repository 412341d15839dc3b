namespace Mesh.House.Tests.Banned;

/// <summary>A type as documentation ids write it.</summary>
/// <param name="Id">As it stands in a parameter list, such as <c>Task{System.Int32}</c>.</param>
/// <param name="Definition">Without the types that fill its parameters, such as <c>Task`1</c>.</param>
internal readonly record struct DocumentationName(string Id, string Definition)
{
    public DocumentationName(string id)
        : this(id, id)
    {
    }
}
