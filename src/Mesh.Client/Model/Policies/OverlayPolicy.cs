namespace Mesh.Client.Model;

/// <summary>An overlay of a service. What it changed stands in the policy already.</summary>
/// <param name="Name">Its name, or its number.</param>
/// <param name="Position">Its place in the list; later ones count more.</param>
/// <param name="Origin">Where it stands in the configuration or in code.</param>
/// <param name="IsActive">Whether it counts for this process.</param>
internal sealed record OverlayPolicy(string Name, int Position, string Origin, bool IsActive);
