using System.Text.Json;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Policies;
using Mesh.Client.Options;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>The answer of <c>/v1/kv</c>, from its bytes on.</summary>
internal sealed class ConsulKeysTarget : IFuzzTarget
{
    private const string Prefix = "mesh/policies/";

    private static readonly SemaphoreSlim s_long = new(2, 2);

    public string Name => "consul-keys";

    public Grammar Grammar { get; } = new()
    {
        IsJson = true,
        Tokens = ["Key", "Value", "Flags", "LockIndex", Prefix, $"{Prefix}orders", $"{Prefix}orders.json", $"{Prefix}.json", $"{Prefix}_all", $"{Prefix}/", $"{Prefix}a/b", "e30=", "e30", "////", "=", "eyJUaW1lb3V0IjoiMDA6MDA6MDIifQ=="],
        BytesForEach = 100,
    };

    public int Run(byte[] input)
    {
        using var content = new ByteArrayContent(input);
        using var answer = new ConsulAnswer(BoundedBody.ReadAsync(content, s_long, CancellationToken.None).GetAwaiter().GetResult()!);
        FuzzFaultException.Unless(answer.Body.SequenceEqual(input), "The body is not what was sent.");
        try
        {
            List<PolicyDocument> documents = PolicyKeys.Read(answer, Prefix);
            return 1000 + AnswerKind.Size(documents.Count) + (documents.Exists(static d => d.Service is null) ? 100 : 0);
        }
        catch (JsonException error)
        {
            return AnswerKind.Of(error.Message);
        }
    }
}
