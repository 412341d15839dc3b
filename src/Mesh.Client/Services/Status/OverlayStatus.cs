namespace Mesh.Client.Services;

/// <summary>An overlay of a service, as this process sees it.</summary>
/// <param name="Name">Its name; without one <c>Overlays:</c> and its number.</param>
/// <param name="Position">Its place in the list, from 0. Of those that are active, later ones count more.</param>
/// <param name="Origin">Where it stands, such as <c>Mesh:Services:orders:Overlays:0</c>.</param>
/// <param name="IsActive">Whether it counts for this process.</param>
public sealed record OverlayStatus(string Name, int Position, string Origin, bool IsActive);
