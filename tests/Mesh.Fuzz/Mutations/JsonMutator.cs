using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mesh.Fuzz.Mutations;

/// <summary>Changes JSON as a tree: values of another kind, keys of the grammar, parts of another document, deep nesting, long names over many leaves.</summary>
internal sealed class JsonMutator(Random random, Grammar grammar)
{
    private static readonly JsonDocumentOptions s_lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 512 };
    private static readonly JsonSerializerOptions s_deep = new() { MaxDepth = 4096 };

    public bool TryChange(byte[] input, byte[] other, out byte[] changed)
    {
        changed = input;
        try
        {
            if (JsonNode.Parse(input, documentOptions: s_lenient) is not { } root)
            {
                return false;
            }

            for (int changes = 1 + random.Next(4); changes > 0; changes--)
            {
                root = Change(root, other);
            }

            changed = Encoding.UTF8.GetBytes(root.ToJsonString(s_deep));
            return true;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            // It is no JSON, or has what a tree cannot have: a key twice, a text that is no UTF-8.
            return false;
        }
    }

    private JsonNode Change(JsonNode root, byte[] other)
    {
        List<JsonNode> places = [];
        Collect(root, places);
        JsonNode place = places[random.Next(places.Count)];
        switch (place)
        {
            case JsonObject section:
                string key = section.Count > 0 && random.Next(2) == 0 ? section.ElementAt(random.Next(section.Count)).Key : Key();
                if (random.Next(5) == 0)
                {
                    section.Remove(key);
                }
                else
                {
                    section[key] = Value(other);
                }

                return root;
            case JsonArray list when list.Count > 0 && random.Next(3) == 0:
                int at = random.Next(list.Count);
                list[at] = random.Next(3) == 0 ? null : Value(other);
                return root;
            case JsonArray list:
                for (int count = random.Next(8) == 0 ? 200 : 1; count > 0; count--)
                {
                    list.Add(list.Count > 0 && random.Next(2) == 0 ? list[random.Next(list.Count)]?.DeepClone() : Value(other));
                }

                return root;
            default:
                return Value(other) ?? root;
        }
    }

    private static void Collect(JsonNode node, List<JsonNode> places)
    {
        if (node is JsonObject or JsonArray)
        {
            places.Add(node);
            foreach (JsonNode? child in node is JsonObject section ? section.Select(static p => p.Value) : (JsonArray)node)
            {
                if (child is not null)
                {
                    Collect(child, places);
                }
            }
        }
        else if (node.Parent is null)
        {
            places.Add(node);
        }
    }

    private JsonNode? Value(byte[] other) => random.Next(12) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.Next(3) switch { 0 => random.Next(-2, 70_000), 1 => random.NextInt64() - (long.MaxValue / 2), _ => double.MaxValue * random.NextDouble() }),
        3 => new JsonObject(),
        4 => new JsonArray(),
        5 => Nested(1 + random.Next(80)),
        6 => Wide(),
        7 when JsonNode.Parse(other, documentOptions: s_lenient) is { } root => Part(root),
        _ => JsonValue.Create(Key()),
    };

    private JsonNode Part(JsonNode root)
    {
        List<JsonNode> places = [];
        Collect(root, places);
        return places[random.Next(places.Count)].DeepClone();
    }

    private JsonNode Nested(int depth)
    {
        JsonNode node = JsonValue.Create(Key());
        for (int i = 0; i < depth; i++)
        {
            node = random.Next(2) == 0 ? new JsonArray(node) : new JsonObject { [Key()] = node };
        }

        return node;
    }

    // A long name above many leaves is short as JSON and long as flat keys.
    private JsonObject Wide()
    {
        int leaves = 1 + random.Next(grammar.MaxLength / 32);
        var inner = new JsonObject();
        for (int i = 0; i < leaves; i++)
        {
            inner[$"{i}"] = 0;
        }

        return new JsonObject { [new string('k', 1 + random.Next(grammar.MaxLength / 2))] = inner };
    }

    private string Key() => random.Next(8) switch
    {
        0 => new string('x', random.Next(600)),
        1 => $"{Token()}:{Token()}",
        2 => Token() + Token(),
        _ => Token(),
    };

    private string Token() => grammar.Tokens.Length == 0 ? "a" : grammar.Tokens[random.Next(grammar.Tokens.Length)];
}
