namespace Mesh.Client.Retries;

/// <summary>How an attempt ended, as far as a retry is concerned.</summary>
internal enum FailureKind
{
    /// <summary>There is a response.</summary>
    None,

    /// <summary>No connection was made: the request surely never left this process.</summary>
    ConnectFailure,

    /// <summary>The other side took note of the request and refused it before it looked at it (HTTP/2's REFUSED_STREAM).</summary>
    Refused,

    /// <summary>The connection ended before the response headers.</summary>
    Reset,

    /// <summary>The full attempt timeout passed.</summary>
    AttemptTimeout,

    /// <summary>The call's own deadline passed before the attempt timeout did.</summary>
    DeadlineExceeded,

    /// <summary>The caller cancelled.</summary>
    Canceled,

    /// <summary>The two sides do not understand each other, such as no common version or headers beyond the limit: trying again changes nothing.</summary>
    Protocol,

    /// <summary>This process's own fault, such as a content that could not be serialized.</summary>
    Local,
}
