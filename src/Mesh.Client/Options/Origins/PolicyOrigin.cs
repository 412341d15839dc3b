namespace Mesh.Client.Options;

/// <summary>Which layer of the configuration gave a value; the later ones count more.</summary>
public enum PolicyOrigin
{
    /// <summary>Nobody said anything.</summary>
    BuiltIn,

    /// <summary><c>Defaults</c> in the configuration or in a policy document.</summary>
    Defaults,

    /// <summary><c>ConfigureDefaults</c> in code.</summary>
    DefaultsCode,

    /// <summary>.NET Aspire's section <c>services</c>.</summary>
    Aspire,

    /// <summary>The service's own section in the configuration or in a policy document.</summary>
    Service,

    /// <summary><c>AddService</c> in code.</summary>
    ServiceCode,

    /// <summary>An overlay that counts in this process.</summary>
    Overlay,
}
