namespace Mesh.Client.Model;

/// <summary>The transport failures that ask for another attempt.</summary>
[Flags]
internal enum RetryConditions
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><c>connect-failure</c>: no connection could be made, so the request never left this process.</summary>
    ConnectFailure = 1,

    /// <summary><c>reset</c>: the connection ended before the response headers.</summary>
    Reset = 2,

    /// <summary><c>attempt-timeout</c>: no response headers within <c>AttemptTimeout</c>.</summary>
    AttemptTimeout = 4,

    /// <summary><c>refused-stream</c>: the endpoint refused the request unread, as HTTP/2 servers do that have too many.</summary>
    RefusedStream = 8,
}
