using System.Text.Json;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Reading;
using Mesh.Client.Options.Tree;

namespace Mesh.Client.Options.Documents;

/// <summary>A document, mounted where it belongs and checked by itself. What does not go together with others is not known yet.</summary>
internal sealed class CheckedDocument
{
    /// <summary>The most characters of a document.</summary>
    public const int MaxCharacters = 512 * 1024;

    private const int MaxMessage = 300;

    private CheckedDocument(PolicyDocument document) => Document = document;

    public PolicyDocument Document { get; }

    /// <summary>Its keys, under <c>Defaults</c> and <c>Services</c> only.</summary>
    public ConfigLayer? Layer { get; private init; }

    /// <summary>The services that it speaks of.</summary>
    public IReadOnlyCollection<string> Services { get; private init; } = [];

    /// <summary>Whether it sets values of all services.</summary>
    public bool SetsDefaults { get; private init; }

    /// <summary>What is wrong with it, whatever stands beside it.</summary>
    public IReadOnlyList<string> Errors { get; private init; } = [];

    /// <summary>Whether it was not looked at, and nothing may stand in for it.</summary>
    public bool IsAside { get; private init; }

    /// <summary>Reads a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="check">Says what is wrong with its keys and values by themselves.</param>
    public static CheckedDocument Read(PolicyDocument document, Func<ConfigLayer, IReadOnlyList<string>> check)
    {
        if (document.Service is { } service && HostName.ServiceProblem(service) is { } problem)
        {
            return Bad(document, $"\"{OptionErrors.Clean(service, MaxMessage)}\" {problem}.");
        }

        if (document.Json.Length > MaxCharacters)
        {
            return Bad(document, $"It has {document.Json.Length} characters, more than {MaxCharacters}; write the services into documents of their own.");
        }

        if (string.IsNullOrWhiteSpace(document.Json))
        {
            return Bad(document, "It is empty; write a JSON object, or delete it.");
        }

        IDictionary<string, string?> keys;
        try
        {
            keys = DocumentJson.Read(document.Json, ConfigTree.MaxCharacters);
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return Bad(document, $"It cannot be read as JSON: {OptionErrors.Clean(error.Message, MaxMessage)} Write one JSON object, each key once.");
        }

        if (document.Service is null && Strangers(keys.Keys) is { Length: > 0 } strangers)
        {
            return Bad(document, [.. strangers.Select(static s =>
                $"{OptionErrors.Clean(s, MaxMessage)} is not for a policy document, which sets nothing but {nameof(MeshOptions.Defaults)} and {nameof(MeshOptions.Services)}; set it in the configuration of the process.")]);
        }

        ConfigLayer layer = ConfigLayer.OfDocument(document, Mount(document.Service, keys));
        return new CheckedDocument(document)
        {
            Layer = layer,
            Services = document.Service is { } one ? [one] : Named(keys.Keys),
            SetsDefaults = document.Service is null && keys.Keys.Any(IsDefaults),
            Errors = check(layer),
        };
    }

    /// <summary>A document of a service that another one speaks for.</summary>
    public static CheckedDocument SecondTo(string key, PolicyDocument document) => new(document)
    {
        IsAside = true,
        Errors = [$"It is a second document of the service \"{document.Service}\", beside {OptionErrors.Clean(key, MaxMessage)}; delete one of them."],
    };

    public static CheckedDocument Unread(PolicyDocument document) => new(document) { IsAside = true };

    private static CheckedDocument Bad(PolicyDocument document, params string[] errors) => new(document) { Errors = errors };

    private static string[] Strangers(IEnumerable<string> keys) =>
    [
        .. keys.Select(static k => k.Split(':', 2)[0])
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(static k => !k.Equals(nameof(MeshOptions.Defaults), StringComparison.OrdinalIgnoreCase) && !k.Equals(nameof(MeshOptions.Services), StringComparison.OrdinalIgnoreCase))
            .Take(OptionErrors.MaxListed),
    ];

    private static bool IsDefaults(string key) => key.Split(':', 2)[0].Equals(nameof(MeshOptions.Defaults), StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> Named(IEnumerable<string> keys) => new(
        keys.Select(static k => k.Split(':', 3)).Where(static k => k.Length > 1 && k[0].Equals(nameof(MeshOptions.Services), StringComparison.OrdinalIgnoreCase)).Select(static k => k[1]),
        StringComparer.OrdinalIgnoreCase);

    private static KeyValuePair<string, string?>[] Mount(string? service, IDictionary<string, string?> keys)
    {
        if (service is null)
        {
            return [.. keys];
        }

        string mount = $"{nameof(MeshOptions.Services)}:{service}";
        return keys.Count == 0 ? [new(mount, null)] : [.. keys.Select(k => new KeyValuePair<string, string?>($"{mount}:{k.Key}", k.Value))];
    }
}
