namespace Mesh.Client.AspNetCore.Rejections;

/// <summary>Why a request was refused before the application saw it.</summary>
internal enum RejectionReason
{
    /// <summary>Its path leads above the root or cannot be read: 400.</summary>
    BadPath,

    /// <summary>An access rule keeps it out: 403.</summary>
    Denied,

    /// <summary>A rate limit is used up: 429.</summary>
    RateLimited,

    /// <summary>The process has more to do than it can: 503.</summary>
    Overloaded,

    /// <summary>Its caller has given up already: 504.</summary>
    DeadlineExceeded,
}
