using System.Text.Json.Serialization;

namespace Mesh.Client.Consul.Api.Records;

/// <summary>Reads and writes Consul's JSON without reflection. What it does not name is skipped.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceEntry))]
[JsonSerializable(typeof(CheckRecord))]
[JsonSerializable(typeof(NodeServices))]
[JsonSerializable(typeof(AgentServiceRecord))]
[JsonSerializable(typeof(Dictionary<string, AgentCheckRecord?>))]
[JsonSerializable(typeof(ServiceForm))]
[JsonSerializable(typeof(KeyRecord))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, List<string?>?>))]
internal sealed partial class ConsulJson : JsonSerializerContext;
