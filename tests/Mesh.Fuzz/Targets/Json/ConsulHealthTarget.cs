using System.Text.Json;
using Mesh.Client.Consul;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>The answer of <c>/v1/health/service</c>. What is made of it must be fit for the mesh, or one bad instance would keep all others out.</summary>
internal sealed class ConsulHealthTarget : IFuzzTarget
{
    private static readonly ConsulPolicy s_policy = new() { IncludeWarning = true };

    public string Name => "consul-health";

    public Grammar Grammar { get; } = new()
    {
        IsJson = true,
        Tokens =
        [
            "Node", "Service", "Checks", "ID", "Address", "Port", "Tags", "Meta", "Weights", "Passing", "Warning", "Status", "passing", "warning", "critical", "maintenance", "CheckID", "ServiceName", "ModifyIndex", "CreateIndex",
            "zone=eu-1", "=", "a=", "region", "zone", "scheme", "https", "secure", "true", "10.0.0.1", "::1", "[::1]", "[", "[]", "0.0.0.0", "fe80::1%eth0", "a..b", "x_y", "1", "8080", "65535", "65536", "mesh-", "mesh-weight", "weight",
        ],
        BytesForEach = 200,
    };

    public int Run(byte[] input)
    {
        Instances instances;
        try
        {
            instances = InstanceReader.Read(input, s_policy);
        }
        catch (JsonException error)
        {
            return AnswerKind.Of(error.Message);
        }

        FuzzFaultException.Unless(instances.Count == ItemCount(input), $"It counts {instances.Count} instances of {ItemCount(input)}.");
        FuzzFaultException.Unless(instances.Endpoints.Length + instances.Unusable <= instances.Count, "It makes more of the instances than there are.");
        string? fault = EndpointCheck.Fault(EndpointUpdate.Found(new EndpointSet(instances.Endpoints, "1")), null);
        FuzzFaultException.Unless(fault is null, $"The mesh refuses the whole answer: {fault}.");
        return 1000 + AnswerKind.Size(instances.Endpoints.Length) + (10 * AnswerKind.Size(instances.Unusable)) + (100 * AnswerKind.Size(instances.Endpoints.FirstOrDefault()?.Labels.Count ?? 0));
    }

    // The second reader is the document model.
    private static int ItemCount(byte[] input)
    {
        using JsonDocument document = JsonDocument.Parse(input);
        return document.RootElement.ValueKind is JsonValueKind.Array ? document.RootElement.EnumerateArray().Count(static i => i.ValueKind is not JsonValueKind.Null) : 0;
    }
}
