namespace Mesh.House.Tests.Arrows;

/// <summary>One use of a type of another folder.</summary>
/// <param name="From">The folder that uses.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Type">The type that is used.</param>
/// <param name="File">The file that uses it.</param>
/// <param name="Line">The line in it, from 1.</param>
internal sealed record FolderArrow(string From, string To, string Type, string File, int Line)
{
    public override string ToString() => $"{File}({Line}): {From} → {To} by {Type}";
}
