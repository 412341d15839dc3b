namespace Mesh.Client.Model;

/// <summary>How an endpoint is probed.</summary>
public enum HealthCheckType
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a GET that any status from 200 to 299 answers well.</summary>
    Http,

    /// <summary>By a connection that is made and closed.</summary>
    Tcp,

    /// <summary>By a call of <c>grpc.health.v1.Health/Check</c> that SERVING answers well.</summary>
    Grpc,
}
