namespace Mesh.Client.Options;

/// <summary>One rule of who may call: exactly one of <see cref="Allow"/> and <see cref="Deny"/>.</summary>
public sealed class AccessRuleOptions
{
    /// <summary>What logs call it. Without a name, its number in the list.</summary>
    public string Name { get; set; } = "";

    /// <summary>The requests that the rule lets in.</summary>
    public AccessMatchOptions? Allow { get; set; }

    /// <summary>The requests that the rule keeps out.</summary>
    public AccessMatchOptions? Deny { get; set; }

    /// <summary>Whether the rule only logs what it would have done, and the next rules decide.</summary>
    /// <value>Default false.</value>
    public bool DryRun { get; set; }
}
