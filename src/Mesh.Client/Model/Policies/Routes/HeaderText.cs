namespace Mesh.Client.Model;

/// <summary>A header and its value.</summary>
internal sealed record HeaderText(string Name, string Value);
