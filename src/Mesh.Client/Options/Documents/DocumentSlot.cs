namespace Mesh.Client.Options.Documents;

/// <summary>A key of a source: the document that stands there, and the last one that was good.</summary>
internal sealed class DocumentSlot(string key)
{
    private string _logged = "";

    public string Key => key;

    /// <summary>What the source says now.</summary>
    public required CheckedDocument Present { get; set; }

    /// <summary>The last one that was in force.</summary>
    public CheckedDocument? LastGood { get; private set; }

    public CheckedDocument? InForce { get; private set; }

    /// <summary>What is wrong with the present one.</summary>
    public IReadOnlyList<string> Errors { get; private set; } = [];

    public PolicyDocumentStatus Status => new()
    {
        Key = key,
        Service = Present.Document.Service,
        State = InForce is null ? PolicyDocumentState.Refused : Errors.Count == 0 ? PolicyDocumentState.InForce : PolicyDocumentState.LastGood,
        Error = Errors.Count == 0 ? null : string.Join('\n', Errors),
    };

    /// <summary>Takes what came out.</summary>
    /// <returns>Whether that is a refusal which was not logged yet.</returns>
    public bool Settle(CheckedDocument? inForce, IReadOnlyList<string> errors)
    {
        InForce = inForce;
        LastGood = inForce ?? LastGood;
        Errors = errors;
        string log = errors.Count == 0 ? "" : $"{Present.Document.Json.Length}/{Present.Document.Json.GetHashCode(StringComparison.Ordinal)}/{string.Join('\n', errors)}";
        bool isNew = log.Length > 0 && log != _logged;
        _logged = log;
        return isNew;
    }
}
