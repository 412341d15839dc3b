namespace Mesh.House.Tests.Banned;

/// <summary>One file of src that may use a banned symbol.</summary>
/// <param name="File">The file from the root; its type is the one that may.</param>
/// <param name="Symbol">The symbol, as its documentation id.</param>
/// <param name="Reason">Why there.</param>
internal sealed record BannedAllowance(string File, string Symbol, string Reason)
{
    public string TypeName => Path.GetFileNameWithoutExtension(File);
}
