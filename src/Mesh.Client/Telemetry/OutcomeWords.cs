namespace Mesh.Client.Telemetry;

/// <summary>What became of a call, in a word. A closed list: it is an attribute of figures.</summary>
internal static class OutcomeWords
{
    public const string Success = "success";

    /// <summary>The endpoint's fault.</summary>
    public const string Failure = "failure";

    /// <summary>The endpoint asked for less.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>The mesh did not send it.</summary>
    public const string Rejected = "rejected";

    /// <summary>Its time was over.</summary>
    public const string Timeout = "timeout";

    /// <summary>The caller gave up.</summary>
    public const string Canceled = "canceled";

    /// <summary>It says nothing of the endpoint.</summary>
    public const string Ignored = "ignored";

    /// <summary>Those of attempts, in the order of <see cref="Model.Outcome"/>.</summary>
    public static readonly string[] OfAttempts = [Success, Failure, Overloaded, Ignored];
}
