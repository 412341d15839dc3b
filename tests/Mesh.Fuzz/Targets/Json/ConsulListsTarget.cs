using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>The other answers of Consul: the catalog, a node's services, the states of all checks, what the agent itself knows. Each reader takes each input.</summary>
internal sealed class ConsulListsTarget : IFuzzTarget
{
    public string Name => "consul-lists";

    public Grammar Grammar { get; } = new()
    {
        IsJson = true,
        Tokens =
        [
            "Services", "Service", "ID", "ModifyIndex", "Node", "CheckID", "Status", "ServiceName", "orders", "Address", "Port", "Tags", "Meta", "Weights", "Passing", "Warning", "ContentHash", "Output", "Type", "ttl", "http",
            "service:orders-1", "passing", "critical", "18446744073709551615",
        ],
        BytesForEach = 400,
    };

    public int Run(byte[] input) =>
        Try(ConsulJson.Default.NodeServices, input) | Try(ConsulJson.Default.AgentServiceRecord, input) << 1 | Try(ConsulJson.Default.DictionaryStringListString, input) << 2
        | Try(ConsulJson.Default.DictionaryStringAgentCheckRecord, input) << 3 | Checks(input) << 4 | Try(ConsulJson.Default.ListString, input) << 5;

    private static int Try<T>(JsonTypeInfo<T> type, byte[] input)
    {
        try
        {
            return JsonSerializer.Deserialize(input, type) is null ? 0 : 1;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static int Checks(byte[] input)
    {
        try
        {
            int count = 0;
            JsonArray.Read(input, ConsulJson.Default.CheckRecord, _ => ++count < 100_000);
            return AnswerKind.Size(count) << 2 | 1;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
