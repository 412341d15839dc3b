using Mesh.Client.Options;

namespace Mesh.Agent.Options;

/// <summary>A program of this machine as an instance of a service: an item of <c>Agent:Inbound</c>.</summary>
internal sealed class InboundOptions
{
    /// <summary>The logical name of the service.</summary>
    public string Service { get; set; } = "";

    /// <summary>Where others call it: <c>http://0.0.0.0:18080</c>.</summary>
    public string Listen { get; set; } = "";

    /// <summary>Where the program is: <c>http://127.0.0.1:9000</c> or <c>unix:/run/app.sock</c>.</summary>
    public string Forward { get; set; } = "";

    /// <summary>
    /// The path that the program answers with 2xx while it is well; <c>grpc</c>, or <c>grpc:</c> and the name of a service, asks by <c>grpc.health.v1</c>; empty asks for no more than a connection.
    /// </summary>
    public string HealthCheck { get; set; } = "";

    /// <summary>The time between two checks.</summary>
    /// <value>Default 00:00:05; from 00:00:00.100 to 01:00:00.</value>
    [DurationRange("00:00:00.100", "01:00:00")]
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What the instance is known by, such as <c>version: v2</c>, beside <c>Mesh:Local:Labels</c>.</summary>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
