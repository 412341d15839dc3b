namespace Mesh.Client.Options.Reading;

/// <summary>A service that overlays go over.</summary>
internal sealed record OverlaidService
{
    /// <summary>The key of the service, for errors.</summary>
    public required string Subject { get; init; }

    /// <summary>Its values beneath code.</summary>
    public required ServiceOptions Configured { get; init; }

    /// <summary>Its values, code's among them; the same object where there is no code.</summary>
    public required ServiceOptions Plain { get; init; }

    /// <summary>The overlays of <c>Defaults</c>; <see langword="null"/> for <c>Defaults</c> itself.</summary>
    public IList<OverlayOptions>? Inherited { get; init; }

    /// <summary>Runs the service's code; <see langword="null"/> where it has none.</summary>
    public Action<ServiceOptions, OptionErrors>? Code { get; init; }

    /// <summary>What the keys of code begin with in errors.</summary>
    public required string CodeOrigin { get; init; }

    /// <summary>Told of each overlay that counts, and of the options with it, in their order: for whoever asks where a value comes from.</summary>
    public Action<OverlayOptions, ServiceOptions>? Applied { get; init; }

    /// <summary>Whether nothing was found to be wrong with it so far.</summary>
    public required bool IsSound { get; init; }
}
