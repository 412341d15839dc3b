using System.Text;
using Microsoft.Extensions.Configuration.Json;

namespace Mesh.Client.Options.Documents;

/// <summary>Reads a document as a file of the configuration is read, into flat keys.</summary>
internal sealed class DocumentJson : JsonStreamConfigurationProvider
{
    private DocumentJson(byte[] json)
        : base(new JsonStreamConfigurationSource { Stream = new MemoryStream(json) })
    {
    }

    /// <exception cref="FormatException">It is no JSON object, or a key is there twice.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is no JSON.</exception>
    public static IDictionary<string, string?> Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    /// <summary>The same of its bytes.</summary>
    /// <exception cref="FormatException">It is no JSON object, or a key is there twice.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is no JSON.</exception>
    public static IDictionary<string, string?> Read(byte[] json)
    {
        var read = new DocumentJson(json);
        read.Load();
        return read.Data;
    }
}
