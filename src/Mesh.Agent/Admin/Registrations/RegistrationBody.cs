using System.ComponentModel.DataAnnotations;
using Mesh.Client.Options;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>What a program says of itself in the body of a registration.</summary>
internal sealed class RegistrationBody
{
    /// <summary>The logical name of the service that it is an instance of.</summary>
    public string Service { get; set; } = "";

    /// <summary>Where others reach it: <c>http://10.0.0.7:9000</c>, <c>10.0.0.7:9000</c>, or a host alone beside <see cref="Port"/>.</summary>
    public string Address { get; set; } = "";

    /// <summary>Its port, where <see cref="Address"/> says none; without an address the machine's own is added.</summary>
    [Range(1, 65535)]
    public int? Port { get; set; }

    /// <summary>Its share of the traffic relative to the other instances.</summary>
    [Range(0, 65535)]
    public int Weight { get; set; } = 1;

    /// <summary>The time over which its share grows from a tenth to the whole.</summary>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan WarmUp { get; set; }

    /// <summary>After this time without another PUT it is taken out. Without a health check there is one always: 00:00:30 where it is not said.</summary>
    [DurationRange("00:00:01", "1.00:00:00")]
    public TimeSpan? Ttl { get; set; }

    /// <summary>How the agent asks whether it is well: a path, <c>tcp</c>, <c>grpc</c> or <c>grpc:</c> and the name of a service.</summary>
    public string HealthCheck { get; set; } = "";

    /// <summary>The time between two checks.</summary>
    [DurationRange("00:00:00.100", "01:00:00")]
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Where it is asked; empty is <see cref="Address"/>.</summary>
    public string HealthAddress { get; set; } = "";

    /// <summary>What it is known by.</summary>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where it runs; empty is where the agent does.</summary>
    public string Region { get; set; } = "";

    /// <summary>Where it runs; empty is where the agent does.</summary>
    public string Zone { get; set; } = "";
}
