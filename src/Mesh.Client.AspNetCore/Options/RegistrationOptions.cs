using System.ComponentModel.DataAnnotations;
using Mesh.Client.Options;

namespace Mesh.Client.AspNetCore;

/// <summary>
/// How this process is made known to others as an instance of its service, and how it starts and stops with nothing lost: the section <c>Registration</c> under
/// <c>Mesh</c>. Labels, zone and region are those of <c>Local</c>. A change of who the instance is or where it listens counts from the next start on, all others at once.
/// </summary>
public sealed class RegistrationOptions
{
    /// <summary>Whether the instance is registered. Where it is not, it still drains when it stops. A change to false takes it out of the registry, one to true brings it back.</summary>
    /// <value>Default true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The logical name of the service; empty is <c>Local:Service</c>. One of the two must be given. Read at start.</summary>
    public string Service { get; set; } = "";

    /// <summary>
    /// What tells this instance from all others of all services. Empty is <c>Local:Instance</c>, and without that <c>{service}-{machine}-{port}</c>, which is the same
    /// after a restart in the same place. Read at start.
    /// </summary>
    public string InstanceId { get; set; } = "";

    /// <summary>
    /// Where others reach it: <c>http://10.0.0.7:8080</c>, or a host alone, to which the port and the scheme that the server listens on are added. Empty is what the
    /// server listens on; where that is every address, it is this machine's own. Read at start.
    /// </summary>
    public string Address { get; set; } = "";

    /// <summary>Its share of the traffic relative to the other instances, once it is warm.</summary>
    /// <value>Default 1; from 0 to 65535.</value>
    [Range(0, 65535)]
    public int Weight { get; set; } = 1;

    /// <summary>The time over which its share grows from a tenth to the whole, in at most ten steps; zero is at once.</summary>
    /// <value>Default 00:00:30; from 00:00:00 to 1.00:00:00.</value>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan WarmUp { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it goes on serving after it was taken out of the registry, which is how long others take to see that. Must be shorter than the host's <c>ShutdownTimeout</c>.</summary>
    /// <value>Default 00:00:05; from 00:00:00 to 00:10:00.</value>
    [DurationRange("00:00:00", "00:10:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How the registry finds out whether the instance is well.</summary>
    public RegistrationCheckOptions Check { get; } = new();

    /// <summary>The application's health checks with this tag must pass before the instance is registered; all of them where none has it.</summary>
    /// <value>Default ready.</value>
    public string HealthTag { get; set; } = "ready";
}
