namespace Mesh.Client.Model;

/// <summary>Where in a request a value stands.</summary>
internal enum RequestPartKind
{
    Header,
    Query,
    Cookie,
    Path,

    /// <summary>Who calls: the request's <c>x-mesh-caller</c>, else this process's service, else this process.</summary>
    Caller,
}
