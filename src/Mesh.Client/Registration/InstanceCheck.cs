namespace Mesh.Client.Registration;

/// <summary>How a registry finds out whether an instance is well. An instance begins as well: it is registered only when it is.</summary>
/// <param name="Type">Who asks whom, and how.</param>
public sealed record InstanceCheck(InstanceCheckType Type)
{
    /// <summary>The path of an HTTP check, beginning with <c>/</c>, or the service that a gRPC check asks about (empty is the server as a whole).</summary>
    /// <value>Default empty, which is <c>/</c> for HTTP.</value>
    public string Path { get; init; } = "";

    /// <summary>Whether the check speaks TLS; for HTTP and gRPC.</summary>
    /// <value>Default false.</value>
    public bool UseTls { get; init; }

    /// <summary>The port that is checked; 0 is the instance's own.</summary>
    /// <value>Default 0; from 0 to 65535.</value>
    public int Port { get; init; }

    /// <summary>The time between two checks; for <see cref="InstanceCheckType.Ttl"/> the time after which silence means that the instance is gone.</summary>
    /// <value>Default 00:00:10; from 00:00:01 to 01:00:00.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a check may take.</summary>
    /// <value>Default 00:00:02; from 00:00:00.100 to 00:05:00.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the check may fail before the registry forgets the instance; zero is never. Registries may take longer: Consul takes at least a minute.</summary>
    /// <value>Default 00:10:00; from 00:00:00 to 7.00:00:00.</value>
    public TimeSpan DeregisterAfter { get; init; } = TimeSpan.FromMinutes(10);
}
