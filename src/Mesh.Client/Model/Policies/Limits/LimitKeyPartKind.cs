namespace Mesh.Client.Model;

/// <summary>What of a request a limit can be kept by.</summary>
internal enum LimitKeyPartKind
{
    /// <summary>The service that is called.</summary>
    Service,

    /// <summary>The name of the route that the request takes.</summary>
    Route,

    /// <summary>Who calls: <c>x-mesh-caller</c>, as far as it is trusted.</summary>
    Caller,

    /// <summary>The network that the client's address lies in.</summary>
    Client,

    /// <summary>A header of the request; several values count as they are joined on the wire.</summary>
    Header,

    /// <summary>The first value of that name in the query.</summary>
    Query,

    /// <summary>The values of a claim of the authenticated user.</summary>
    Claim,
}
