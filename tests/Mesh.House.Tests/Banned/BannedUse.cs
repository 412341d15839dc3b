namespace Mesh.House.Tests.Banned;

/// <summary>One use of a member in the code of a built assembly.</summary>
/// <param name="TypeName">The type that uses it, the outermost one.</param>
/// <param name="Method">The method that uses it.</param>
/// <param name="Member">The documentation id of what is used; of a property that of the property.</param>
internal sealed record BannedUse(string TypeName, string Method, string Member)
{
    public override string ToString() => $"{TypeName}.{Method}: {Member}";
}
