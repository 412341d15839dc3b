namespace Mesh.Chaos.Load;

/// <summary>What became of a call, as its caller sees it.</summary>
internal enum Verdict
{
    /// <summary>A good answer, whole.</summary>
    Ok,

    /// <summary>The mesh did not send it, and said why.</summary>
    Refused,

    /// <summary>An answer with an error of the instance's.</summary>
    Answered,

    /// <summary>The headers of a good answer came and its body did not: nobody can send such a call again.</summary>
    Cut,

    /// <summary>No answer.</summary>
    Failed,
}
