namespace Mesh.Client.Options.Checking;

/// <summary>Names that a value may have, compared without regard to case.</summary>
/// <param name="Kind">What they name, such as <c>balancer</c>.</param>
/// <param name="Names">The names.</param>
internal sealed record KnownNames(string Kind, IReadOnlyCollection<string> Names)
{
    public string? Parse(string text, out string value)
    {
        string trimmed = text.Trim();
        value = Names.FirstOrDefault(n => string.Equals(n, trimmed, StringComparison.OrdinalIgnoreCase)) ?? "";
        if (value.Length > 0)
        {
            return null;
        }

        string nearest = NearestName.Of(trimmed, Names) is { } name ? $" did you mean \"{name}\"?" : "";
        return $"is no known {Kind};{nearest} Known: {string.Join(", ", Names.Order(StringComparer.Ordinal))}. Another one must be added in code first";
    }
}
