namespace Mesh.Client.Model;

/// <summary>A copy of a call that goes elsewhere.</summary>
/// <param name="Service">The service; <see langword="null"/> for the route's own.</param>
/// <param name="Labels">The labels that its endpoints must have.</param>
/// <param name="Percent">How many of a hundred calls.</param>
/// <param name="MaxBody">The longest body that is copied, in bytes.</param>
/// <param name="MaxActive">The most copies under way.</param>
internal sealed record MirrorPolicy(string? Service, LabelSet Labels, double Percent, int MaxBody, int MaxActive);
