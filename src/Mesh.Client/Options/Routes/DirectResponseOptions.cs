using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>An answer that the mesh gives by itself. To gRPC it is the status that gRPC's HTTP mapping names, with the body as its message.</summary>
public sealed class DirectResponseOptions
{
    /// <summary>The status.</summary>
    /// <value>Default 200; from 200 to 599.</value>
    [Range(200, 599)]
    public int Status { get; set; } = 200;

    /// <summary>The body, at most 4096 characters, as Envoy's is by default.</summary>
    public string Body { get; set; } = "";

    /// <summary>What the body is.</summary>
    /// <value>Default text/plain.</value>
    public string ContentType { get; set; } = "text/plain";

    internal DirectResponseOptions Copy() => (DirectResponseOptions)MemberwiseClone();
}
