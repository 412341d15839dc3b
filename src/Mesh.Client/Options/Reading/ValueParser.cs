namespace Mesh.Client.Options.Reading;

/// <summary>Makes a value of its text.</summary>
/// <returns>What is wrong with it and the remedy; <see langword="null"/> where nothing is.</returns>
internal delegate string? ValueParser<T>(string text, out T value);
