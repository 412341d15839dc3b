namespace Mesh.Client.Options;

/// <summary>A policy written in JSON, with the keys of the <c>Mesh</c> section. Comments and trailing commas are fine.</summary>
/// <param name="Key">What the source calls it, unlike all others of the source; errors name it.</param>
/// <param name="Service">The service whose keys the document has; <see langword="null"/> for a whole one, with <c>Defaults</c>, <c>Services</c> or both.</param>
/// <param name="Json">The text, at most 524288 characters.</param>
public sealed record PolicyDocument(string Key, string? Service, string Json);
