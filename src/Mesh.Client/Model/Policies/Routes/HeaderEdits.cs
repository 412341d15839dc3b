namespace Mesh.Client.Model;

/// <summary>What is changed in the headers of a message: removed, set, added, in this order.</summary>
internal sealed record HeaderEdits(ValueList<HeaderText> Set, ValueList<HeaderText> Add, ValueList<string> Remove);
