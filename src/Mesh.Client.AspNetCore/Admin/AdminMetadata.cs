namespace Mesh.Client.AspNetCore.Admin;

/// <summary>Marks the endpoints of the admin API and the dashboard, which are no work that the process does for its callers.</summary>
internal sealed class AdminMetadata
{
    public static AdminMetadata Instance { get; } = new();
}
