using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace Mesh.Client.Options.Documents;

/// <summary>Reads a document as a file of the configuration is read, into flat keys.</summary>
internal sealed class DocumentJson : JsonStreamConfigurationProvider
{
    // As the provider itself reads it.
    private static readonly JsonReaderOptions s_options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private DocumentJson(byte[] json)
        : base(new JsonStreamConfigurationSource { Stream = new MemoryStream(json) })
    {
    }

    /// <summary>Reads a document.</summary>
    /// <param name="json">The document.</param>
    /// <param name="most">The most characters of the flat keys together: each repeats the names above it, and a long name above many keys would take any memory.</param>
    /// <exception cref="FormatException">It is no JSON object, a key is there twice, a text is no Unicode, or the keys are longer.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IDictionary<string, string?> Read(string json, long most) => Read(Encoding.UTF8.GetBytes(json), most);

    /// <summary>The same of its bytes, in UTF-8 with or without its mark.</summary>
    /// <param name="json">The document.</param>
    /// <param name="most">The most characters of the flat keys together.</param>
    /// <exception cref="FormatException">It is no JSON object, a key is there twice, a text is no Unicode, or the keys are longer.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IDictionary<string, string?> Read(byte[] json, long most)
    {
        if (KeyBytes(json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json.AsSpan(Encoding.UTF8.Preamble.Length) : json) > most)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Its keys, written out, have more than {most} characters."));
        }

        var read = new DocumentJson(json);
        try
        {
            read.Load();
        }
        catch (InvalidOperationException error)
        {
            // Half of a surrogate pair, written as an escape: no reader before this one minds.
            throw new FormatException(error.Message, error);
        }

        return read.Data;
    }

    // No fewer than the characters: escapes are counted as they stand there.
    private static long KeyBytes(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, s_options);
        var above = new Stack<long>();
        long path = 0;
        long sum = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    path = above.Peek() + reader.ValueSpan.Length + 1;
                    break;
                case JsonTokenType.StartObject:
                    above.Push(path);
                    break;
                case JsonTokenType.StartArray:
                    // The number of an item is a name of a few digits.
                    path += 8;
                    above.Push(path);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path = above.Pop();
                    sum += path;
                    break;
                default:
                    sum += path;
                    break;
            }
        }

        return sum;
    }
}
