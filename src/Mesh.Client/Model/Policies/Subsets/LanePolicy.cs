namespace Mesh.Client.Model;

/// <summary>Which endpoints serve a lane.</summary>
internal sealed record LanePolicy
{
    /// <summary>The label that names an endpoint's lane; empty leaves lanes out.</summary>
    public string Label { get; init; } = "lane";

    /// <summary>The lanes that fail rather than fall back; <c>*</c> is every lane.</summary>
    public ValueList<string> Strict { get; init; }

    public bool IsStrict(string lane) => !Strict.IsEmpty && (Strict.Items.Contains(lane) || Strict.Items.Contains("*"));
}
