using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mesh.Client.Consul.Api;

/// <summary>Reads a JSON array item by item, so that a long one of empty items takes no more memory than what is made of it.</summary>
internal static class JsonArray
{
    /// <summary>Calls <paramref name="take"/> for each item that is not null; it says whether to go on.</summary>
    /// <exception cref="JsonException">It is no array, or an item is not of the type.</exception>
    public static void Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, Func<T, bool> take)
        where T : class
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read())
        {
            return;
        }

        bool isList = reader.TokenType is JsonTokenType.StartArray;
        if (!isList && reader.TokenType is not JsonTokenType.Null)
        {
            throw new JsonException($"a list was expected, not {reader.TokenType}");
        }

        bool wanted = true;
        while (isList && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!wanted)
            {
                reader.Skip();
            }
            else if (JsonSerializer.Deserialize(ref reader, type) is { } item)
            {
                wanted = take(item);
            }
        }

        if (reader.Read())
        {
            throw new JsonException("more follows after the list");
        }
    }
}
