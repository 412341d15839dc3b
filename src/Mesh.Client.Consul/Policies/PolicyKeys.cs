using System.Text;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Options;

namespace Mesh.Client.Consul.Policies;

/// <summary>Makes documents of keys: <c>{prefix}orders</c> or <c>{prefix}orders.json</c> is that of the service orders, one that begins with an underscore is whole.</summary>
internal static class PolicyKeys
{
    private const string Extension = ".json";

    /// <exception cref="System.Text.Json.JsonException">It is not what Consul answers.</exception>
    public static List<PolicyDocument> Read(ConsulAnswer answer, string prefix)
    {
        List<PolicyDocument> documents = [];
        if (answer.IsMissing)
        {
            return documents;
        }

        JsonArray.Read(answer.Body, ConsulJson.Default.KeyRecord, record =>
        {
            // Consul's own pages make folders of keys that end in a slash.
            if (record.Key is { } key && key.StartsWith(prefix, StringComparison.Ordinal) && !key.EndsWith('/'))
            {
                documents.Add(new PolicyDocument(key, Service(key[prefix.Length..]), Encoding.UTF8.GetString(record.Value ?? [])));
            }

            return true;
        });
        return documents;
    }

    // A name with a slash is no service, and is refused as such: a document that lies too deep must not go unnoticed.
    private static string? Service(string name) =>
        name[0] == '_' ? null : name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && name.Length > Extension.Length ? name[..^Extension.Length] : name;
}
