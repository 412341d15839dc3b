namespace Mesh.Client.Model;

/// <summary>One part of a split.</summary>
/// <param name="Service">The service; <see langword="null"/> for the route's own.</param>
/// <param name="Labels">The labels that its endpoints must have.</param>
/// <param name="Weight">Its share.</param>
internal sealed record SplitTarget(string? Service, LabelSet Labels, int Weight);
