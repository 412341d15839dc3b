namespace Mesh.Client.Options;

/// <summary>What is changed in the headers of a message, in this order: removed, set, added.</summary>
public sealed class HeaderEditOptions
{
    /// <summary>Headers that are replaced, or made where there are none.</summary>
    public IDictionary<string, string> Set { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Headers that get a line more.</summary>
    public IDictionary<string, string> Add { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Headers that are taken out.</summary>
    public IList<string> Remove { get; set; } = [];

    internal HeaderEditOptions Copy() => new()
    {
        Set = new Dictionary<string, string>(Set, StringComparer.OrdinalIgnoreCase),
        Add = new Dictionary<string, string>(Add, StringComparer.OrdinalIgnoreCase),
        Remove = [.. Remove],
    };
}
