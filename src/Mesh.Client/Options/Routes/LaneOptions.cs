namespace Mesh.Client.Options;

/// <summary>
/// Which endpoints serve a lane: those labelled with it, and where there is no healthy one, those without the label, which serve calls outside of any lane.
/// </summary>
public sealed class LaneOptions
{
    /// <summary>The label that names an endpoint's lane; empty leaves lanes out of the choice.</summary>
    /// <value>Default lane.</value>
    public string Label { get; set; } = "lane";

    /// <summary>The lanes whose calls fail where no healthy endpoint is labelled with them; <c>*</c> is every lane.</summary>
    public IList<string> Strict { get; set; } = [];

    internal LaneOptions Copy()
    {
        var copy = (LaneOptions)MemberwiseClone();
        copy.Strict = [.. Strict];
        return copy;
    }
}
