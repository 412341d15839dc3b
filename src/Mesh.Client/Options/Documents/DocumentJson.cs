using System.Text;
using Microsoft.Extensions.Configuration.Json;

namespace Mesh.Client.Options.Documents;

/// <summary>Reads a document as a file of the configuration is read, into flat keys.</summary>
internal sealed class DocumentJson : JsonStreamConfigurationProvider
{
    private DocumentJson(string json)
        : base(new JsonStreamConfigurationSource { Stream = new MemoryStream(Encoding.UTF8.GetBytes(json)) })
    {
    }

    /// <exception cref="FormatException">It is no JSON object, or a key is there twice.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is no JSON.</exception>
    public static IDictionary<string, string?> Read(string json)
    {
        var read = new DocumentJson(json);
        read.Load();
        return read.Data;
    }
}
