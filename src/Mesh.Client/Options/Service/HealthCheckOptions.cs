using System.ComponentModel.DataAnnotations;
using Mesh.Client.Model;

namespace Mesh.Client.Options;

/// <summary>How endpoints are probed: the section <c>HealthCheck</c>. Off unless <see cref="Type"/> or <see cref="Path"/> is given.</summary>
public sealed class HealthCheckOptions
{
    /// <summary>How an endpoint is probed: <c>None</c>, <c>Http</c>, <c>Tcp</c> or <c>Grpc</c>. With a <see cref="Path"/>, <c>None</c> means <c>Http</c>.</summary>
    /// <value>Default None.</value>
    public HealthCheckType Type { get; set; }

    /// <summary>
    /// Path and query of an HTTP probe, such as <c>/healthz</c>; any status from 200 to 299 is well. Of a gRPC probe the name of the service whose health is asked for, such as
    /// <c>inventory.v1.Inventory</c>; empty for the whole server.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>The scheme of an HTTP or gRPC probe to an endpoint that has none of its own and serves both: <c>http</c> or <c>https</c>.</summary>
    /// <value>Default http.</value>
    public string Scheme { get; set; } = "http";

    /// <summary>The time from one probe of an endpoint to the next, of which up to a tenth is random.</summary>
    /// <value>Default 00:00:10; from 00:00:00.100 to 1.00:00:00.</value>
    [DurationRange("00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A probe that has not succeeded within this time has failed.</summary>
    /// <value>Default 00:00:02; from 00:00:00.010 to 00:10:00.</value>
    [DurationRange("00:00:00.010", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Failures in a row that take an endpoint out.</summary>
    /// <value>Default 3 probes; from 1 to 1000.</value>
    [Range(1, 1000)]
    public int UnhealthyAfter { get; set; } = 3;

    /// <summary>Successes in a row that bring it back.</summary>
    /// <value>Default 2 probes; from 1 to 1000.</value>
    [Range(1, 1000)]
    public int HealthyAfter { get; set; } = 2;

    /// <summary>The port that is probed; 0 is the endpoint's own.</summary>
    /// <value>Default 0; from 0 to 65535.</value>
    [Range(0, 65535)]
    public int Port { get; set; }

    internal HealthCheckOptions Copy() => (HealthCheckOptions)MemberwiseClone();
}
