namespace Quickstart.Story;

/// <summary>Something that must have held, and what was measured.</summary>
/// <param name="Key">Its name in the JSON file.</param>
/// <param name="Text">What is claimed.</param>
/// <param name="Held">Whether it held.</param>
/// <param name="Measured">What was measured, to be read.</param>
/// <param name="Figures">What was measured, for the JSON file.</param>
internal sealed record Claim(string Key, string Text, bool Held, string Measured, params (string Name, double Value)[] Figures);
