using System.Text.Json;

namespace Mesh.Agent.Schema;

/// <summary>The JSON schema of the configuration: <c>docs/agent.schema.json</c>, which a test makes of the options and this program carries along.</summary>
internal static class ConfigurationSchema
{
    private const string Resource = "agent.schema.json";

    /// <summary>The schema as it is published.</summary>
    public static string Text
    {
        get
        {
            using var reader = new StreamReader(Open());
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads it.</summary>
    public static JsonDocument Read()
    {
        using Stream stream = Open();
        return JsonDocument.Parse(stream);
    }

    private static Stream Open() => typeof(ConfigurationSchema).Assembly.GetManifestResourceStream(Resource)!;
}
