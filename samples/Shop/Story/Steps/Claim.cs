namespace Shop.Story.Steps;

/// <summary>Something that must have held, and what was measured.</summary>
internal sealed record Claim(string Text, bool Held, string Measured);
