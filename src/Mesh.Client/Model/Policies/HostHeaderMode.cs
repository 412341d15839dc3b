namespace Mesh.Client.Model;

/// <summary>What an endpoint sees in <c>Host</c> and <c>:authority</c>.</summary>
public enum HostHeaderMode
{
    /// <summary>The logical name that the caller wrote, such as <c>orders</c>.</summary>
    Logical,

    /// <summary>The endpoint's own <c>host:port</c>, for servers that choose a site by it.</summary>
    Endpoint,
}
