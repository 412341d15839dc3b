namespace Mesh.Client.AspNetCore;

/// <summary>How a registry checks this instance.</summary>
public enum RegistrationCheckType
{
    /// <summary>The registry opens a connection.</summary>
    Tcp,

    /// <summary>The registry sends GET; an answer with 2xx is well.</summary>
    Http,

    /// <summary>The registry asks by <c>grpc.health.v1</c>.</summary>
    Grpc,

    /// <summary>The instance says in time that it is well, and is taken for lost where it does not.</summary>
    Ttl,

    /// <summary>Nobody checks it: it stays registered until it says otherwise.</summary>
    None,
}
