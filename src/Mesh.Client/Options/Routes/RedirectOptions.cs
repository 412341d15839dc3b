using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>A redirect that the mesh gives by itself. What it does not name is as in the request (Envoy's <c>RedirectAction</c>).</summary>
public sealed class RedirectOptions
{
    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; set; } = "";

    /// <summary>The host, with a port where it needs one.</summary>
    public string Host { get; set; } = "";

    /// <summary>The port.</summary>
    /// <value>Default 0; from 0 to 65535. 0 is that of the request, or none beside a <see cref="Host"/>.</value>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>The whole path. It may have a query of its own, which replaces the request's.</summary>
    public string Path { get; set; } = "";

    /// <summary>What replaces the beginning that <c>Match:Prefix</c> matched.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Whether the query is left out.</summary>
    /// <value>Default false.</value>
    public bool StripQuery { get; set; }

    /// <summary>The status: 301, 302, 303, 307 or 308.</summary>
    /// <value>Default 301; from 301 to 308.</value>
    [Range(301, 308)]
    public int Status { get; set; } = 301;

    internal RedirectOptions Copy() => (RedirectOptions)MemberwiseClone();
}
