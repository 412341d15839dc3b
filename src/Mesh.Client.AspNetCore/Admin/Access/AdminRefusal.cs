namespace Mesh.Client.AspNetCore.Admin.Access;

/// <summary>Why a caller is not answered.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Detail">What was wrong and the remedy.</param>
internal sealed record AdminRefusal(int Status, string Detail);
