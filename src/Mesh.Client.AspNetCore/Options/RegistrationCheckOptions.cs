using Mesh.Client.Options;

namespace Mesh.Client.AspNetCore;

/// <summary>How the registry finds out whether this instance is well: the section <c>Check</c> under <c>Registration</c>.</summary>
public sealed class RegistrationCheckOptions
{
    /// <summary>Who asks whom, and how: <c>Tcp</c>, <c>Http</c>, <c>Grpc</c>, <c>Ttl</c> or <c>None</c>. With a <see cref="Path"/>, <c>Tcp</c> means <c>Http</c>.</summary>
    /// <value>Default Tcp.</value>
    public RegistrationCheckType Type { get; set; }

    /// <summary>The path of an HTTP check, such as <c>/healthz</c>, or the service that a gRPC check asks about; empty is <c>/</c> for the one and the server as a whole for the other.</summary>
    public string Path { get; set; } = "";

    /// <summary>The time between two checks; for <c>Ttl</c> the time after which silence means that the instance is gone.</summary>
    /// <value>Default 00:00:10; from 00:00:01 to 01:00:00.</value>
    [DurationRange("00:00:01", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a check may take.</summary>
    /// <value>Default 00:00:02; from 00:00:00.100 to 00:05:00.</value>
    [DurationRange("00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the check may fail before the registry forgets the instance; zero is never.</summary>
    /// <value>Default 00:10:00; from 00:00:00 to 7.00:00:00.</value>
    [DurationRange("00:00:00", "7.00:00:00")]
    public TimeSpan DeregisterAfter { get; set; } = TimeSpan.FromMinutes(10);
}
